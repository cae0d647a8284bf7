import { CLASSIFICATIONS, covers } from '@cloister/core';
import type { AccessLabel, Classification } from '@cloister/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { enter, newStore, note } from '../../test/world.ts';
import { createRetriever, hashingEmbedder } from '../index.ts';

const embedder = hashingEmbedder();
const GROUPS = ['cardiology', 'oncology', 'nursing', 'reception'];
const label = fc.constantFrom<Classification[]>(...CLASSIFICATIONS);
const groups = fc.subarray(GROUPS);
const access = fc.record({ label, acl: groups });

/** The rule, written once more from its definition. */
function maySee(clearance: Classification, held: readonly string[], { label: wanted, acl }: AccessLabel): boolean {
  return covers(clearance, wanted) && held.some((group) => acl.includes(group));
}

describe('who finds what', () => {
  it('is exactly whose clearance covers the label and who holds a group', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(access, { minLength: 1, maxLength: 12 }),
        fc.array(fc.record({ clearance: label, held: groups }), { minLength: 1, maxLength: 4 }),
        async (labels, readers) => {
          await using stack = new AsyncDisposableStack();
          const store = newStore(':memory:');
          stack.defer(() => store.close());
          const retriever = createRetriever({ store, embedder });
          const documents = labels.map((rights, index) => note(`n-${index}`, `Note number ${index}.`, rights));
          await retriever.ingest(await enter(), documents);
          for (const { clearance, held } of readers) {
            const tenant = await enter({ clearance, groups: held });
            const { chunks, report } = await retriever.search(tenant, 'note', { limit: 50 });
            const expected = documents.filter((document) => maySee(clearance, held, document)).map(({ id }) => id);
            expect(chunks.map(({ document }) => document).toSorted()).toEqual(expected.toSorted());
            expect(report.scanned - report.refusedByAcl).toBe(expected.length);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('does not depend on what others asked before: the blind pre-filter reads only the own groups', async () => {
    const retriever = createRetriever({ store: newStore(), embedder });
    const documents = GROUPS.map((group) => note(group, `A note of ${group}.`, { acl: [group] }));
    await retriever.ingest(await enter(), documents);
    const nurse = await enter({ groups: ['nursing'] });
    expect((await retriever.search(nurse, 'note')).report).toMatchObject({ scanned: 1, refusedByAcl: 0 });
    await retriever.search(await enter({ groups: GROUPS }), 'note');
    const { chunks, report } = await retriever.search(nurse, 'note');
    expect(report).toMatchObject({ scanned: 4, refusedByAcl: 3 });
    expect(chunks.map(({ document }) => document)).toEqual(['nursing']);
  });
});
