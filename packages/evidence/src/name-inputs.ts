import { canonicalJson, lengthPrefixed, sha256, type TdxCollateral, toHex, utf8 } from '@cloister/core';
import type { AppraiseOptions } from './appraise-options.ts';
import type { EvidenceBundle } from './bundle/evidence-bundle.ts';
import type { VerdictInput } from './enclave-identity.ts';
import type { GpuCollateral } from './nvidia/check-gpus.ts';
import type { TrustRoots } from './trust-roots.ts';
import { VENDOR_ROOTS } from './vendor-roots.ts';

function namedTexts(collateral: TdxCollateral | undefined): readonly Named[] {
  const members = Object.entries(collateral ?? {}).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return members.map(([name, text]) => [`collateral.${name}`, utf8(text as string)]);
}

function namedList(name: string, items: readonly Uint8Array[] | undefined): readonly Named[] {
  return (items ?? []).map((item, index) => [`${name}.${index}`, item]);
}

type Named = readonly [name: string, bytes: Uint8Array];

/** All roots as one text of bytes: by vendor, in the order given. */
function encodeRoots({ intel, amd = [], nvidia }: TrustRoots): Uint8Array {
  const gpu = nvidia === undefined ? [] : [nvidia.device, nvidia.attestationService, nvidia.referenceValues];
  return lengthPrefixed(
    lengthPrefixed(...intel),
    lengthPrefixed(...amd.map(({ line, sha256: digest }) => `${line} ${digest}`)),
    ...gpu.map((roots) => lengthPrefixed(...roots)),
  );
}

function nameCpu({ cpu }: EvidenceBundle, { snpCollateral }: AppraiseOptions): readonly Named[] {
  if (cpu.tee === 'tdx')
    return [['cpu', cpu.quote], ...namedList('event-log', cpu.eventLog === undefined ? [] : [cpu.eventLog])];
  const { certs = cpu.certs, crls = cpu.crls } = snpCollateral ?? {};
  return [['cpu', cpu.report], ...namedList('collateral.certificate', certs), ...namedList('collateral.list', crls)];
}

/** Keys, references and answers about revocation in one canonical form. */
function encodeGpuCollateral({ keys = {}, references = [], statuses = [] }: GpuCollateral): Uint8Array {
  return canonicalJson({
    keys,
    references: references.map((reference) => ({ sha256: reference.sha256, expiresAt: reference.expiresAt })),
    statuses: statuses.map((status) => toHex(sha256(status))),
  });
}

function nameGpuCollateral({ gpuCollateral }: AppraiseOptions): readonly Named[] {
  return gpuCollateral === undefined ? [] : [['collateral.gpu', encodeGpuCollateral(gpuCollateral)]];
}

/** Everything that a verdict depends on, besides bundle and policy as a whole, by name and SHA-256. */
export function nameInputs(bundle: EvidenceBundle, options: AppraiseOptions): readonly VerdictInput[] {
  const named: readonly Named[] = [
    ['nonce', options.nonce],
    ['keyset', bundle.keyset],
    ...nameCpu(bundle, options),
    ...bundle.gpus.map(({ report }, index): Named => [`gpu.${index}`, report]),
    ...nameGpuCollateral(options),
    ...namedTexts(bundle.cpu.tee === 'tdx' ? (options.collateral ?? bundle.collateral) : undefined),
    ['roots', encodeRoots(options.roots ?? VENDOR_ROOTS)],
  ];
  return named.map(([name, bytes]) => ({ name, sha256: toHex(sha256(bytes)) }));
}
