import { toHex } from '@cloister/core';
import type { StoredPoint, Tenant } from '@cloister/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../test/memory-store.ts';
import { enter, newLedger, note } from '../../test/world.ts';
import { createRetriever, hashingEmbedder } from '../index.ts';
import type { IngestDocument, RetrievedChunk, Retriever } from '../index.ts';

const embedder = hashingEmbedder();
const GROUPS = ['cardiology', 'nursing', 'oncology'] as const;
const [reader, outsider] = [await enter({ groups: [...GROUPS] }), await enter({ groups: ['reception'] })];
const nurse = await enter({ groups: ['nursing'] });

interface Scene {
  readonly store: ReturnType<typeof memoryStore>;
  /** A retriever that has seen nothing yet. */
  readonly fresh: (onTampered?: 'throw' | 'skip', checked?: boolean) => Retriever;
}

function scene(): Scene {
  const [store, ledger] = [memoryStore(), newLedger()];
  return {
    store,
    fresh: (onTampered = 'skip', checked = true) =>
      createRetriever({ store, embedder, onTampered, ...(checked ? { ledger } : {}) }),
  };
}

async function find(retriever: Retriever, who: Tenant = reader): Promise<readonly RetrievedChunk[]> {
  return (await retriever.search(who, 'note', { limit: 100 })).chunks;
}

const refused = expect.objectContaining({ code: 'ERR_RETRIEVER_TAMPERED' });
const documentOf = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd'),
  text: fc.constantFrom('A short note.', 'Another note.', `${'A long note goes on and on. '.repeat(40)}`),
  label: fc.constantFrom('internal' as const, 'restricted' as const),
  acl: fc.subarray([...GROUPS], { minLength: 1 }),
});
const step = fc.oneof(
  { weight: 4, arbitrary: fc.array(documentOf, { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom('a', 'b') },
);

/** Equal for equal states, in whatever order. */
function fingerprint(points: readonly StoredPoint[]): string {
  return JSON.stringify(points.map(({ id, head }) => `${id} ${toHex(head)}`).toSorted());
}

/** What the store would have to hold, by document. */
type Expected = ReadonlyMap<string, IngestDocument>;

async function play(retriever: Retriever, steps: readonly (readonly IngestDocument[] | string)[]): Promise<Expected> {
  const held = new Map<string, IngestDocument>();
  for (const one of steps) {
    if (typeof one === 'string') {
      await retriever.remove(reader, [one]);
      held.delete(one);
    } else {
      const unique = new Map(one.map((document) => [document.id, document]));
      await retriever.ingest(reader, [...unique.values()]);
      for (const [id, document] of unique) held.set(id, document);
    }
  }
  return held;
}

function expectGenuine(chunks: readonly RetrievedChunk[], expected: Expected): void {
  for (const { document, text, label, acl } of chunks) {
    const now = expected.get(document);
    expect(now?.text).toContain(text);
    expect({ label, acl: acl.toSorted() }).toEqual({ label: now?.label, acl: now?.acl.toSorted() });
  }
}

describe('a store that is put back to an older state', () => {
  it('is found out whole and in part, and nothing of the older state is returned', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 2, maxLength: 6 }),
        fc.infiniteStream(fc.nat(99)),
        fc.nat(99),
        async (steps, dice, share) => {
          const { store, fresh } = scene();
          const states: (readonly StoredPoint[])[] = [[]];
          const writer = fresh('throw');
          const held = new Map<string, IngestDocument>();
          for (const one of steps) {
            for (const [id, document] of await play(writer, [one])) held.set(id, document);
            if (typeof one === 'string') held.delete(one);
            states.push(store.snapshot());
          }
          const now = store.snapshot();
          expect((await fresh('throw').search(reader, 'note')).report.rollback).toBe('checked');
          for (const before of states.slice(0, -1)) {
            const mixed = mix(now, before, () => dice.next().value > share);
            for (const state of [before, mixed]) {
              store.restore(state);
              const changed = fingerprint(now) !== fingerprint(state);
              if (changed) await expect(find(fresh('throw'))).rejects.toEqual(refused);
              expectGenuine(await find(fresh()), held);
              expect(await find(fresh(), outsider)).toEqual([]);
            }
          }
          store.restore(now);
          expectGenuine(await find(fresh('throw')), held);
        },
      ),
      { numRuns: Number(process.env['CLOISTER_ROLLBACK_RUNS'] ?? 25) },
    );
  }, 600_000);

  it('cannot undo a tightened label, before and after it was loaded; without a ledger it can (control)', async () => {
    const { store, fresh } = scene();
    const writer = fresh('throw');
    const open = note('n', 'A note about the nurse.', { acl: ['cardiology', 'nursing'], label: 'internal' });
    await writer.ingest(reader, [open]);
    const before = store.snapshot();
    const warm = fresh();
    expect(await find(warm, nurse)).toHaveLength(1);
    await writer.ingest(reader, [{ ...open, acl: ['cardiology'] }]);
    expect(await find(warm, nurse)).toEqual([]);
    store.restore(before);
    // What is in memory needs no answer of the store; whoever asks the store finds it out.
    expect(await find(warm, nurse)).toEqual([]);
    const { chunks, report } = await fresh().search(nurse, 'note');
    expect([chunks, report.refusedByStore]).toEqual([[], { ERR_RETRIEVER_RECORD_STALE: 1 }]);
    await expect(find(fresh('throw'), nurse)).rejects.toEqual(refused);
    expect(await find(fresh('throw', false), nurse)).toHaveLength(1);
  });

  it('cannot bring back a removed document, hide one, or fork one', async () => {
    const { store, fresh } = scene();
    const writer = fresh('throw');
    await writer.ingest(reader, [note('gone', 'A note to remove.'), note('stays', 'A note that stays.')]);
    const before = store.snapshot();
    await writer.remove(reader, ['gone']);
    const now = store.snapshot();
    const counts = async (): Promise<object> => (await fresh().search(reader, 'note')).report.refusedByStore;
    store.restore(before);
    expect(await counts()).toEqual({ ERR_RETRIEVER_RECORD_UNACKNOWLEDGED: 1 });
    store.restore([]);
    expect(await counts()).toEqual({ ERR_RETRIEVER_RECORD_MISSING: 1 });
    // A second writer who keeps no ledger makes a record that opens and that nobody acknowledged.
    store.restore(now);
    await fresh('throw', false).ingest(reader, [note('stays', 'A note that stays, forked.')]);
    expect(await counts()).toEqual({ ERR_RETRIEVER_RECORD_UNACKNOWLEDGED: 1 });
    expect(await find(fresh())).toEqual([]);
    expect(await writer.ingest(reader, [note('stays', 'A note that stays.')])).toMatchObject({ repaired: 1 });
    expect(await find(fresh('throw'))).toMatchObject([{ text: 'A note that stays.' }]);
  });
});

/** Every record from one of the two states, as the dice fall; what only one of them has, likewise. */
function mix(now: readonly StoredPoint[], before: readonly StoredPoint[], dice: () => boolean): readonly StoredPoint[] {
  const older = new Map(before.map((point) => [point.id, point]));
  const both = new Map([...older, ...now.map((point) => [point.id, point] as const)]);
  const current = new Map(now.map((point) => [point.id, point]));
  return [...both.keys()].flatMap((id) => (dice() ? current.get(id) : older.get(id)) ?? []);
}

describe('several processes over one store', () => {
  it('see each other at once: writes, changes of access and removals', async () => {
    const { fresh } = scene();
    const [one, two] = [fresh('throw'), fresh('throw')];
    expect(await find(two)).toEqual([]);
    await one.ingest(reader, [note('a', 'A note.'), note('b', 'A second note.')]);
    expect(await find(two)).toHaveLength(2);
    await two.ingest(reader, [note('a', 'A note.', { acl: ['nursing'] })]);
    expect((await find(one, nurse)).map(({ document }) => document)).toEqual(['a']);
    await one.remove(reader, ['a']);
    expect((await find(two)).map(({ document }) => document)).toEqual(['b']);
  });

  it('write at the same time without losing anything', async () => {
    const { fresh } = scene();
    const writers = Array.from({ length: 4 }, () => fresh('throw'));
    const documents = Array.from({ length: 24 }, (_, index) => note(`n-${index}`, `Note number ${index}.`));
    await Promise.all(
      writers.map((writer, index) =>
        writer.ingest(
          reader,
          documents.filter((_, place) => place % writers.length === index),
        ),
      ),
    );
    expect(await find(fresh('throw'))).toHaveLength(24);
  });
});
