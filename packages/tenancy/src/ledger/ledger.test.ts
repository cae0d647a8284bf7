import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256, systemRandom, toHex, utf8 } from '@cloister/core';
import type { Ledger, LedgerEntry } from '@cloister/core';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { localLedger } from './local-ledger.ts';
import type { LocalLedger } from './local-ledger.ts';
import { hashEntry, merkleRoot, updateMerkleMap } from './merkle-map.ts';
import { NO_CHANGES, openCollectionLedger } from './open-collection-ledger.ts';

const scratch = mkdtempSync(join(tmpdir(), 'cloister-ledger-'));
afterAll(() => rmSync(scratch, { recursive: true }));
let counter = 0;

function newLedger(path: string = join(scratch, `${counter++}.db`)): LocalLedger {
  const ledger = localLedger(path);
  afterAll(() => ledger.close());
  return ledger;
}

const digest = (text: string): string => toHex(sha256(utf8(text)));
const entry = (name: string | number, change: Partial<LedgerEntry> = {}): LedgerEntry => ({
  id: digest(`id ${name}`).slice(0, 32),
  document: digest(`document ${name}`).slice(0, 32),
  tags: [digest('tag').slice(0, 32)],
  version: 1,
  digest: digest(`head ${name}`),
  ...change,
});
const forked = expect.objectContaining({ code: 'ERR_TENANCY_LEDGER_FORKED' });

/** The root from its definition, with no thought of speed. */
function naiveRoot(entries: readonly LedgerEntry[], depth = 0): string {
  if (entries.length === 0) return '00'.repeat(32);
  if (entries.length === 1) return toHex(hashEntry(entries[0] as LedgerEntry));
  const bit = (id: string): string | undefined => BigInt(`0x1${id}`).toString(2).slice(1)[depth];
  const [left, right] = ['0', '1'].map((side) =>
    naiveRoot(
      entries.filter(({ id }) => bit(id) === side),
      depth + 1,
    ),
  );
  return digestOfHex(`01${left}${right}`);
}

function digestOfHex(hex: string): string {
  return toHex(sha256(Uint8Array.from(Buffer.from(hex, 'hex'))));
}

describe('the Merkle map', () => {
  it('gives the root of its definition after any updates, in whatever order', () => {
    const change = fc.tuple(fc.nat(40), fc.option(fc.nat(3), { nil: undefined }));
    fc.assert(
      fc.property(fc.array(fc.array(change, { maxLength: 12 }), { maxLength: 8 }), (batches) => {
        const held = new Map<string, LedgerEntry>();
        let tree = updateMerkleMap(undefined, []);
        for (const batch of batches) {
          const changes = new Map<string, Uint8Array | undefined>();
          for (const [name, version] of batch) {
            const one = entry(name, { version: version ?? 0 });
            if (version === undefined) held.delete(one.id);
            else held.set(one.id, one);
            changes.set(one.id, version === undefined ? undefined : hashEntry(one));
          }
          tree = updateMerkleMap(
            tree,
            [...changes].toSorted(([left], [right]) => (left < right ? -1 : 1)),
          );
          expect(toHex(merkleRoot(tree))).toBe(naiveRoot([...held.values()]));
        }
      }),
    );
  });

  it('gives another root for any change of any member', () => {
    const one = entry('a', { tags: ['ab'.repeat(16), 'cd'.repeat(16)] });
    const others: Partial<LedgerEntry>[] = [
      { id: entry('b').id },
      { document: entry('b').document },
      { version: 2 },
      { digest: digest('other') },
      { tags: one.tags.toReversed() },
      { tags: one.tags.slice(1) },
      { tags: [] },
    ];
    const roots = others.map((change) => toHex(hashEntry({ ...one, ...change })));
    expect(new Set([toHex(hashEntry(one)), ...roots]).size).toBe(others.length + 1);
  });
});

describe('localLedger', () => {
  it('shows every writer what the others did, in steps and from the beginning', async () => {
    const path = join(scratch, `${counter++}.db`);
    const [one, two] = [openCollectionLedger(newLedger(path), 'c'), openCollectionLedger(newLedger(path), 'c')];
    expect(await one.advance({ put: [entry(1), entry(2)], remove: [] })).toBe(true);
    expect((await two.refresh()).toSorted()).toEqual([entry(1).id, entry(2).id].toSorted());
    expect(await two.advance({ put: [entry(3)], remove: [entry(1).id] })).toBe(true);
    expect(await one.refresh()).toEqual(expect.arrayContaining([entry(3).id, entry(1).id]));
    expect(await one.refresh()).toEqual([]);
    const late = openCollectionLedger(newLedger(path), 'c');
    await late.refresh();
    for (const view of [one, two, late]) {
      expect([view.size, view.sequence, view.root]).toEqual([2, 2, naiveRoot([entry(2), entry(3)])]);
      expect(view.entry(entry(3).id)).toEqual(entry(3));
    }
    const other = openCollectionLedger(newLedger(path), 'another');
    expect([await other.refresh(), other.size]).toEqual([[], 0]);
  });

  it('lets one of two racing writers through, and the other again after it looked', async () => {
    const path = join(scratch, `${counter++}.db`);
    const views = Array.from({ length: 8 }, () => openCollectionLedger(newLedger(path), 'c'));
    const done = await Promise.all(views.map((view, index) => view.advance({ put: [entry(index)], remove: [] })));
    expect(done.filter(Boolean)).toHaveLength(1);
    const loser = views[done.indexOf(false)];
    await loser?.refresh();
    expect(await loser?.advance({ put: [entry('again')], remove: [] })).toBe(true);
    expect(loser?.size).toBe(2);
  });

  it('keeps an intent until it is settled', async () => {
    const ledger = newLedger();
    const [writer, reader] = [openCollectionLedger(ledger, 'c'), openCollectionLedger(ledger, 'c')];
    const intent = { put: [entry(1)], remove: [] };
    await writer.advance(NO_CHANGES, intent);
    await reader.refresh();
    expect([reader.intent, reader.size]).toEqual([intent, 0]);
    await writer.advance(intent);
    await reader.refresh();
    expect([reader.intent, reader.size]).toEqual([undefined, 1]);
  });

  it('is found out when it goes back, forks, or loses or invents an entry', async () => {
    const honest = newLedger();
    const seen = openCollectionLedger(honest, 'c');
    await seen.advance({ put: [entry(1), entry(2)], remove: [] });
    const before = await honest.read('c', 0);
    await seen.advance({ put: [entry(3)], remove: [] });
    const now = await honest.read('c', 0);
    const lies: Ledger['read'][] = [
      async () => before,
      async () => ({ ...now, root: before.root, sequence: 9 }),
      async () => ({ ...now, sequence: 9, changes: { put: now.changes.put.slice(1), remove: [] } }),
      async () => ({ ...now, sequence: 9, changes: { put: [...now.changes.put, entry(9)], remove: [] } }),
      async () => ({ ...now, sequence: 9, since: 1 }),
      async () => ({ ...now, sequence: 2, since: 2, root: digest('fork') }),
    ];
    for (const read of lies) {
      const view = openCollectionLedger({ ...honest, read: (...query) => answer(...query) }, 'c');
      let answer: Ledger['read'] = (...query) => honest.read(...query);
      await view.refresh();
      answer = read;
      await expect(view.refresh()).rejects.toEqual(forked);
    }
  });

  it('forgets marks of removals after a while; who was away then reads everything', async () => {
    const ledger = newLedger();
    const [writer, reader] = [openCollectionLedger(ledger, 'c'), openCollectionLedger(ledger, 'c')];
    await writer.advance({ put: [entry(1), entry(2)], remove: [] });
    await reader.refresh();
    await writer.advance({ put: [], remove: [entry(1).id] });
    const root = writer.root;
    for (let sequence = 2; sequence < 4096 * 2; sequence++) {
      await ledger.advance('c', sequence, { root, changes: NO_CHANGES, intent: undefined });
    }
    expect(await ledger.read('c', 1)).toMatchObject({ since: 0, changes: { remove: [] } });
    expect(await reader.refresh()).toEqual([entry(1).id]);
    expect(reader.root).toBe(root);
  }, 60_000);

  it('keeps its file to the owner and says when it is not a ledger', async () => {
    const path = join(scratch, `${counter++}.db`);
    const ledger = newLedger(path);
    await ledger.read('c', 0);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await ledger.close();
    await expect(ledger.read('c', 0)).rejects.toMatchObject({ code: 'ERR_TENANCY_CLOSED' });
    writeFileSync(path, systemRandom(4096));
    const refused = { code: 'ERR_TENANCY_LEDGER' };
    await expect(newLedger(path).read('c', 0)).rejects.toMatchObject(refused);
    await expect(newLedger(join(scratch, 'no', 'such', 'folder')).read('c', 0)).rejects.toMatchObject(refused);
  });
});
