import { CLASSIFICATIONS, covers } from '@cloister/core';
import type { Classification } from '@cloister/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../test/memory-store.ts';
import { enter, newLedger, note } from '../../test/world.ts';
import { createRetriever, hashingEmbedder } from '../index.ts';
import type { IngestDocument, Narrowing } from '../index.ts';

const GROUPS = ['cardiology', 'oncology', 'nursing'];
const retriever = createRetriever({ store: memoryStore(), ledger: newLedger(), embedder: hashingEmbedder() });
const documents: readonly IngestDocument[] = CLASSIFICATIONS.flatMap((label) =>
  GROUPS.map((group, index) => note(`${label}-${group}`, `A note of ${group}.`, { label, acl: GROUPS.slice(index) })),
);
await retriever.ingest(await enter(), documents);
await retriever.ingest(await enter({ tenant: 'st-john', groups: GROUPS }), [note('foreign', 'A foreign note.')]);

const readers = await Promise.all(
  CLASSIFICATIONS.flatMap((clearance) =>
    [[], ['nursing'], ['cardiology', 'oncology'], GROUPS].map(async (groups) => {
      const seen = documents.filter(
        ({ label, acl }) => covers(clearance, label) && acl.some((one) => groups.includes(one)),
      );
      return {
        tenant: await enter({ clearance, groups }),
        mine: new Map(seen.map((document) => [document.id, document])),
      };
    }),
  ),
);

const id = fc.constantFrom(...documents.map((document) => document.id), 'foreign', 'never-there', '*', '%');
const label = fc.constantFrom<Classification[]>(...CLASSIFICATIONS);
const valid = fc.record({ documents: fc.array(id, { maxLength: 6 }), labels: fc.array(label) }, { requiredKeys: [] });

/** What a model writes when it tries to get around a filter: operators, other members, other types, any JSON. */
const names = [
  'documents',
  'labels',
  'tenant',
  'acl',
  'groups',
  'should',
  'must',
  '$or',
  '$ne',
  '__proto__',
  'partition',
];
const wild = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.array(id), fc.array(label)), {
    maxKeys: 4,
  }),
);

const RUNS = 10_000;

describe('a filter that a model wrote', () => {
  it(`only narrows: in ${RUNS} cases the results lie within tenant and access, or the filter is refused`, async () => {
    let refused = 0;
    let narrowed = 0;
    const filter = fc.oneof(valid, wild);
    await fc.assert(
      fc.asyncProperty(filter, fc.constantFrom(...readers), async (within, { tenant, mine }) => {
        const search = retriever.search(tenant, 'note', { limit: 100, within: within as Narrowing });
        const result = await search.catch((error: unknown) => error);
        if (result instanceof Error) {
          expect(result).toMatchObject({ code: 'ERR_RETRIEVER_OPTIONS', subject: 'within' });
          refused++;
          return;
        }
        const { documents: ids, labels } = within as Narrowing;
        const expected = [...mine.values()].filter(
          (document) => ids?.includes(document.id) !== false && labels?.includes(document.label) !== false,
        );
        const found = (result as Awaited<typeof search>).chunks.map((chunk) => chunk.document);
        expect(found.toSorted()).toEqual(expected.map((document) => document.id).toSorted());
        if (found.length < mine.size) narrowed++;
      }),
      { numRuns: RUNS },
    );
    // Control: both ways were taken often.
    expect(refused).toBeGreaterThan(RUNS / 10);
    expect(narrowed).toBeGreaterThan(RUNS / 10);
  }, 300_000);

  it('is answered alike for what is missing, foreign and forbidden', async () => {
    const nurse = await enter({ groups: ['nursing'], clearance: 'internal' });
    const shapes = await Promise.all(
      ['never-there', 'foreign', 'restricted-nursing', 'restricted-cardiology'].map(async (one) => {
        const { chunks, report } = await retriever.search(nurse, 'note', { within: { documents: [one] } });
        return { chunks, report };
      }),
    );
    for (const shape of shapes) expect(shape).toEqual(shapes[0]);
    expect(shapes[0]?.chunks).toEqual([]);
  });
});
