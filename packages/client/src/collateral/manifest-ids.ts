import { fromUtf8 } from '@cloister/core';
import { type GpuArchitecture, type GpuReport, parseGpuReport } from '@cloister/evidence/nvidia';
import { wrongCollateral } from './wrong-collateral.ts';

const CHIPS: Readonly<Record<GpuArchitecture, string>> = { HOPPER: 'GH100', BLACKWELL: 'GB100' };
/** Numbers of NVIDIA's opaque fields that name a board's VBIOS: project, its variant, the chip's variant. */
const BOARD_FIELDS = [17, 18, 15];

function readName({ fields }: GpuReport, field: number): string {
  const [text = ''] = fromUtf8(fields.get(field) ?? new Uint8Array(0)).split('\0');
  if (!/^[0-9A-Za-z]{1,16}$/.test(text)) throw wrongCollateral('nvidia-rim');
  return text.toUpperCase();
}

/**
 * NVIDIA's names of the reference manifests of a GPU's driver and VBIOS.
 * @param report as the GPU signed it; nothing is verified
 * @throws ERR_CLIENT_COLLATERAL_WRONG when the report does not say which board it is, and of `evidence`
 *   ERR_EVIDENCE_GPU_REPORT_MALFORMED
 */
export function nameManifests(report: Uint8Array, arch: GpuArchitecture): readonly [driver: string, vbios: string] {
  const parsed = parseGpuReport(report);
  const board = BOARD_FIELDS.map((field) => readName(parsed, field)).join('_');
  return [
    `NV_GPU_DRIVER_${CHIPS[arch]}_${parsed.driverVersion}`,
    `NV_GPU_VBIOS_${board}_${parsed.vbiosVersion.replaceAll('.', '')}`,
  ];
}
