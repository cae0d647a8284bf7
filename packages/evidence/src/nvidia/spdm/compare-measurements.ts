import { equalBytes } from '@cloister/core';
import type { CheckList } from '../../check.ts';
import type { Certificate } from '../../x509/parse-certificate.ts';
import { areValidAt } from '../../x509/verify-certificate-chain.ts';
import { isTrusted } from '../nvidia-roots.ts';
import type { GpuReport } from './parse-gpu-report.ts';
import { type GoldenMeasurements, type ReferenceMeasurements, resolveReference } from './reference-measurements.ts';

/** The measurement of the video decoder, which is meaningless while it is off. */
const DECODER_INDEX = 36;

/**
 * Whether a report's measurements are those of its driver and VBIOS: one reference of each kind for exactly its versions,
 * no index claimed by both, every claimed index present with one of its accepted values.
 */
export function matchesReferences(report: GpuReport, references: readonly GoldenMeasurements[]): boolean {
  const wanted = { driver: report.driverVersion, vbios: report.vbiosVersion };
  const fitting = references.filter(({ kind, version }) => wanted[kind] === version);
  if (new Set(fitting.map(({ kind }) => kind)).size !== 2 || fitting.length !== 2) return false;
  const claims = fitting.flatMap(({ accepted }) => [...accepted]);
  if (claims.length === 0 || new Set(claims.map(([index]) => index)).size !== claims.length) return false;
  const values = new Map(report.measurements.map(({ index, value }) => [index, value]));
  return claims.every(([index, accepted]) => {
    if (index === DECODER_INDEX && report.isDecoderOff) return true;
    const value = values.get(index);
    return value !== undefined && accepted.some((golden) => equalBytes(golden, value));
  });
}

/** What references are judged by. */
interface ReferenceDemands {
  /** ms since the epoch. */
  readonly now: number;
  readonly roots: readonly Uint8Array[];
  readonly revocation?: 'require' | 'unchecked' | undefined;
}

function isUsable(
  reference: ReferenceMeasurements,
  chain: readonly Certificate[],
  { now, roots }: ReferenceDemands,
): boolean {
  const root = chain.at(-1);
  return root !== undefined && isTrusted(root, roots) && areValidAt(chain, now) && now <= reference.expiresAt;
}

/**
 * Checks `gpu.references`, that every reference was verified, is valid at `now` and ends in a trusted root, and
 * `gpu.measurements`.
 */
export function checkMeasurements(
  list: CheckList,
  report: GpuReport,
  references: readonly ReferenceMeasurements[],
  demands: ReferenceDemands,
): void {
  const known = references.flatMap((reference) => {
    const contents = resolveReference(reference);
    return contents !== undefined && isUsable(reference, contents.chain, demands) ? [contents] : [];
  });
  const areKnown = known.length === references.length;
  if (!list.require('gpu.references', areKnown, 'ERR_EVIDENCE_GPU_REFERENCES')) return;
  if (demands.revocation === 'require' && known.some(({ revocation }) => revocation === 'unchecked'))
    list.require('gpu.references', false, 'ERR_EVIDENCE_GPU_REVOCATION_MISSING');
  list.require('gpu.measurements', matchesReferences(report, known), 'ERR_EVIDENCE_GPU_MEASUREMENTS');
}
