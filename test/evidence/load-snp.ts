import { loadBytes } from './load-vectors.ts';
import { type GenuineReport, mutateSnpCase } from './snp-cases.ts';

const FOLDER = new URL('../vectors/evidence/', import.meta.url);

const GENUINE = {
  /** Version 2 of a Milan chip, in order but for no version of the chip in it. */
  'trustee-vcek': ['der', 'ask-milan', '2024-01-01T00:00:00Z'],
  /** Version 3 of a Milan chip under a provider's key, asked for at privilege level 1. */
  'trustee-vlek': ['der', 'asvk-milan', '2025-01-01T00:00:00Z'],
  /** Version 3 of a Milan chip. */
  'dstack-milan': ['pem', 'ask-milan', '2026-11-23T00:00:00Z'],
  /** Version 2 of a Milan chip whose guest may be debugged. */
  'google-milan': ['der', 'ask-milan', '2024-01-01T00:00:00Z'],
  /** Version 5 of a Genoa chip, in order in everything. */
  'attrs-genoa-v5': ['der', 'ask-genoa', '2026-09-01T00:00:00Z'],
} as const;

/** The name of genuine evidence in this repository. */
export type GenuineName = keyof typeof GENUINE;

/** All of them. */
export const GENUINE_NAMES = Object.keys(GENUINE) as readonly GenuineName[];

/** Genuine evidence at a time at which its certificates hold. */
export function loadSnp(name: GenuineName): GenuineReport {
  const [form, ca, at] = GENUINE[name];
  const file = name === 'google-milan' ? 'google-milan-v2' : name;
  const isLent = name === 'trustee-vlek';
  const vek = `snp/${name === 'trustee-vcek' || isLent ? name : `${name}.vcek`}.${form}`;
  const given = { file: `snp/${file}.report.bin`, vek, ca, at, case: 'base', sha256: '', expect: 'accept' } as const;
  return mutateSnpCase(given, FOLDER);
}

/** AMD's own revocation list of a line's root, valid from 2026-08-19 to 2026-10-04. */
export function loadList(line: 'genoa' | 'turin'): Uint8Array {
  return loadBytes(`snp/amd-${line}-2026-08.crl.der`);
}
