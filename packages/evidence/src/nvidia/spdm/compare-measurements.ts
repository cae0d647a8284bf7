import { equalBytes } from '@cloister/core';
import type { GpuReport } from './parse-gpu-report.ts';

/** Golden measurements of one driver or VBIOS version, from a verified reference file. */
export interface ReferenceMeasurements {
  readonly kind: 'driver' | 'vbios';
  /** As the report spells it. */
  readonly version: string;
  /** Accepted values by the report's index; an index that is not here does not count. */
  readonly accepted: ReadonlyMap<number, readonly Uint8Array[]>;
}

/** The measurement of the video decoder, which is meaningless while it is off. */
const DECODER_INDEX = 36;

/**
 * Whether a report's measurements are those of its driver and VBIOS: one reference of each kind for exactly its versions,
 * no index claimed by both, every claimed index present with one of its accepted values.
 */
export function matchesReferences(report: GpuReport, references: readonly ReferenceMeasurements[]): boolean {
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
