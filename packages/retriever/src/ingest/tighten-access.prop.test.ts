import type { Classification, Tenant } from '@cloister/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { enter, newStore, note } from '../../test/world.ts';
import { createRetriever, hashingEmbedder } from '../index.ts';
import type { IngestDocument, SourceAccess } from '../index.ts';
import { tightenAccess } from './tighten-access.ts';

const LABELS: readonly Classification[] = ['public', 'internal', 'confidential', 'restricted'];
const names: fc.Arbitrary<string[]> = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 });
const access = fc.record({
  label: fc.constantFrom(...LABELS),
  acl: names,
  compartments: names,
  retention: fc.option(fc.constantFrom(1000, 3000)),
});

describe('tightenAccess', () => {
  it('lets nobody see what either side keeps from them, and all others', () => {
    const reader = fc.record({
      clearance: fc.nat(3),
      groups: names,
      compartments: names,
      now: fc.constantFrom(0, 2000, 4000),
    });
    type Access = Parameters<typeof tightenAccess>[0];
    fc.assert(
      fc.property(access, access, reader, (source, own, { clearance, groups, compartments, now }) => {
        const maySee = (given: Access, mine: readonly string[]): boolean =>
          LABELS.indexOf(given.label) <= clearance &&
          mine.length > 0 &&
          given.compartments.every((one) => compartments.includes(one)) &&
          (given.retention === null || now < given.retention);
        const both = source.acl.filter((group) => own.acl.includes(group) && groups.includes(group));
        const tight = tightenAccess(source, own);
        const mine = tight.acl.filter((group) => groups.includes(group));
        expect(maySee(tight, mine)).toBe(maySee(source, both) && maySee(own, both));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the source of documents', () => {
  const source: SourceAccess = { label: 'confidential', acl: ['cardiology', 'nursing'], compartments: ['trial'] };
  const documents: readonly IngestDocument[] = [
    note('loose', 'Everybody may read this, says the note.', { label: 'public', acl: ['cardiology', 'all'] }),
    note('tight', `A long note. ${'It goes on and on for a while. '.repeat(40)}`, { acl: ['nursing'] }),
    note('none', 'A note for a group that the source does not have.', { acl: ['oncology'] }),
  ];
  const find = async (reader: Tenant): Promise<readonly string[]> => {
    const { chunks } = await retriever.search(reader, 'the note', { limit: 50 });
    for (const { label, acl } of chunks) expect([label === 'public', acl.includes('all')]).toEqual([false, false]);
    return [...new Set(chunks.map(({ document }) => document))].toSorted();
  };
  const retriever = createRetriever({ store: newStore(), embedder: hashingEmbedder() });

  it('is inherited by every chunk of every document, which can only tighten it', async () => {
    await retriever.ingest(await enter(), documents, { source });
    const reader = (groups: readonly string[], rest: object = {}): Promise<Tenant> =>
      enter({ groups, compartments: ['trial'], ...rest });
    expect(await find(await reader(['cardiology', 'nursing', 'oncology', 'all']))).toEqual(['loose', 'tight']);
    expect(await find(await reader(['all', 'oncology']))).toEqual([]);
    expect(await find(await reader(['cardiology'], { clearance: 'internal' }))).toEqual([]);
    expect(await find(await reader(['cardiology'], { compartments: [] }))).toEqual([]);
    expect(await retriever.ingest(await enter(), documents, { source })).toMatchObject({ skipped: 3 });
  });

  it('is checked as strictly as a document', async () => {
    const refused = { code: 'ERR_RETRIEVER_OPTIONS', subject: 'source' };
    for (const bad of [{}, { ...source, id: 'x' }, { ...source, more: 1 }, { ...source, label: 'secret' }, null]) {
      const options = { source: bad as SourceAccess };
      await expect(retriever.ingest(await enter(), documents, options)).rejects.toMatchObject(refused);
    }
  });
});
