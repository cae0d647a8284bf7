import { concat, isCloisterError } from '@cloister/core';
import { createSimulatedSnp } from '@cloister/simulator/snp';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { GENUINE_NAMES, loadList, loadSnp } from '../../../../test/evidence/load-snp.ts';
import { NOW } from '../../../../test/evidence/simulated-bundle.ts';
import type { TrustRoots } from '../trust-roots.ts';
import { parseCertificateTable } from './parse-certificate-table.ts';
import { parseSnpReport } from './parse-snp-report.ts';
import { verifySnpReport } from './verify-snp-report.ts';

// The long run: CLOISTER_LONG_FUZZ=10000, and a hundred times as many inputs of the parsers.
const CHANGES = Number(process.env['CLOISTER_LONG_FUZZ'] ?? 200);
const INPUTS = process.env['CLOISTER_LONG_FUZZ'] === undefined ? 1000 : CHANGES * 100;
const LONG = 3_600_000;

interface Given {
  readonly report: Uint8Array;
  readonly certs: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
  readonly now: number;
  readonly roots?: TrustRoots;
}

const vectors = new Map<string, Given>(
  GENUINE_NAMES.map((name) => {
    const { report, certs, at: now } = loadSnp(name);
    return [name, { report, certs, now, crls: name === 'attrs-genoa-v5' ? [loadList('genoa')] : [] }];
  }),
);
const names = [...GENUINE_NAMES, 'simulated Turin'];

// Two keys of 4096 bits.
beforeAll(async () => {
  const { provider, roots, collateral } = await createSimulatedSnp({ clock: { now: () => NOW }, line: 'Turin' });
  const evidence = await provider.collect(new Uint8Array(64).fill(7));
  if (evidence.tee !== 'sev-snp') throw new Error('the simulator speaks SEV-SNP');
  const { certs, crls } = collateral;
  vectors.set('simulated Turin', { report: evidence.report, certs, crls, now: NOW, roots });
}, 120_000);

function load(name: string): Given {
  const given = vectors.get(name);
  if (given === undefined) throw new Error(`no vector ${name}`);
  return given;
}

async function outcome({ report, ...options }: Given): Promise<string> {
  return verifySnpReport(report, { ...options, mode: 'cryptography' }).then(
    () => 'accept',
    (error: unknown) => (isCloisterError(error) ? 'refused' : 'foreign error'),
  );
}

function parseOutcome(parse: (bytes: Uint8Array) => unknown, bytes: Uint8Array): string {
  try {
    parse(bytes);
    return 'parsed';
  } catch (error) {
    return isCloisterError(error) ? 'refused' : 'foreign error';
  }
}

/** A part of the evidence by its place: the report, then certificates, then lists. */
function change(given: Given, part: number, edit: (bytes: Uint8Array) => Uint8Array): Given {
  const { report, certs, crls } = given;
  const at = (items: readonly Uint8Array[], first: number): readonly Uint8Array[] =>
    items.map((item, index) => (index + first === part ? edit(item) : item));
  return {
    ...given,
    report: part === 0 ? edit(report) : report,
    certs: at(certs, 1),
    crls: at(crls, 1 + certs.length),
  };
}

function countParts({ certs, crls }: Given): number {
  return 1 + certs.length + crls.length;
}

describe.each(names)('%s', (name) => {
  test('is accepted unchanged, so that the refusals below mean something', async () => {
    expect(await outcome(load(name))).toBe('accept');
  });

  test('any other value of any byte of the report is refused', { timeout: LONG }, async () => {
    const given = load(name);
    const offsets = fc.nat({ max: given.report.length - 1 });
    await fc.assert(
      fc.asyncProperty(offsets, fc.integer({ min: 1, max: 255 }), async (offset, mask) => {
        const edited = change(given, 0, (bytes) => bytes.map((byte, index) => (index === offset ? byte ^ mask : byte)));
        return (await outcome(edited)) === 'refused';
      }),
      { numRuns: CHANGES },
    );
  });

  test('any other value of any byte of certificates and lists is refused', { timeout: LONG }, async () => {
    const given = load(name);
    const parts = fc.integer({ min: 1, max: countParts(given) - 1 });
    await fc.assert(
      fc.asyncProperty(parts, fc.nat(), fc.integer({ min: 1, max: 255 }), async (part, position, mask) => {
        const edited = change(given, part, (bytes) =>
          bytes.map((byte, index) => (index === position % bytes.length ? byte ^ mask : byte)),
        );
        return (await outcome(edited)) === 'refused';
      }),
      { numRuns: CHANGES },
    );
  });

  test('every cut of every part is refused, and so is every byte more', { timeout: LONG }, async () => {
    const given = load(name);
    for (let part = 0; part < countParts(given); part++) {
      const whole = [given.report, ...given.certs, ...given.crls][part] ?? new Uint8Array(0);
      // The long run takes every length of the other parts too.
      const step = part === 0 || CHANGES > 1000 ? 1 : 37;
      for (let length = 0; length < whole.length; length += step)
        expect(await outcome(change(given, part, (bytes) => bytes.subarray(0, length)))).toBe('refused');
      for (const more of [0, 1])
        expect(await outcome(change(given, part, (bytes) => concat(bytes, Uint8Array.of(more))))).toBe('refused');
    }
  });

  test('parts of another machine are refused', async () => {
    const given = load(name);
    for (const other of names.filter((candidate) => candidate !== name).map(load)) {
      expect(await outcome({ ...given, report: other.report })).toBe('refused');
      expect(await outcome({ ...given, certs: other.certs })).toBe('refused');
    }
  });
});

describe('any bytes at all', () => {
  const report = loadSnp('attrs-genoa-v5').report;

  test('give a report or an error of ours', { timeout: LONG }, () => {
    const tails = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(tails, fc.nat({ max: report.length }), fc.boolean(), (bytes, offset, isWhole) => {
        const edited = report.slice();
        edited.set(bytes.subarray(0, edited.length - offset), offset);
        expect(parseOutcome(parseSnpReport, isWhole ? edited : bytes)).not.toBe('foreign error');
      }),
      { numRuns: INPUTS },
    );
  });

  test('give a table or an error of ours', { timeout: LONG }, () => {
    const entry = fc.tuple(
      fc.constantFrom('63da758de6644564adc5f4b93be8accd', '4ab7b379bbac4fe4a02f05aef327c782', 'ff'.repeat(16)),
      fc.oneof(fc.nat({ max: 200 }), fc.nat({ max: 0xffff_ffff })),
      fc.oneof(fc.nat({ max: 200 }), fc.nat({ max: 0xffff_ffff })),
    );
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 20 }), fc.uint8Array({ maxLength: 200 }), (entries, tail) => {
        const head = entries.map(([guid, offset, length]) => {
          const bytes = Buffer.alloc(24);
          bytes.write(guid, 'hex');
          bytes.writeUInt32LE(offset, 16);
          bytes.writeUInt32LE(length, 20);
          return new Uint8Array(bytes);
        });
        expect(parseOutcome(parseCertificateTable, concat(...head, tail))).not.toBe('foreign error');
        expect(parseOutcome(parseCertificateTable, concat(...head, new Uint8Array(24), tail))).not.toBe(
          'foreign error',
        );
      }),
      { numRuns: INPUTS },
    );
  });

  test('as certificates and lists give a refusal of ours', { timeout: LONG }, async () => {
    const { certs } = loadSnp('attrs-genoa-v5');
    const some = fc.array(fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(...certs)), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(some, some, async (given, crls) => {
        const isWhole = given.length === 3 && given.every((cert, index) => cert === certs[index]) && crls.length === 0;
        expect(await outcome({ report, certs: given, crls, now: NOW })).toBe(isWhole ? 'accept' : 'refused');
      }),
      { numRuns: Math.min(INPUTS, 10_000) },
    );
  });
});
