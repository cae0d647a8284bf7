import type { LedgerEntry } from '@cloister/core';
import type { CollectionLedger } from '@cloister/tenancy';
import { fetchPoints } from '../ingest/fetch-points.ts';
import type { Arena, ArenaRow } from './arena.ts';
import { takePoint } from './load-arena.ts';
import type { LoadContext } from './load-arena.ts';
import { unitsOf } from './selection.ts';

/** Reads what others have written since, and remembers which rows of the arena it concerns. */
export async function catchUp(arena: Arena, ledger: CollectionLedger): Promise<void> {
  for (const id of await ledger.refresh()) arena.outdated.add(id);
}

/**
 * Brings the rows of loaded units in step with the ledger: what was removed goes, what was changed or added is fetched
 * by id. What the store then refuses to give is found missing by the next load, because the arena is emptied.
 */
export async function syncArena(arena: Arena, ledger: CollectionLedger, context: LoadContext): Promise<void> {
  if (arena.outdated.size === 0) return;
  const wanted = new Map<string, LedgerEntry>();
  for (const id of arena.outdated) {
    const [row, entry] = [arena.find(id), ledger.entry(id)];
    if (row !== undefined && row.digest === entry?.digest) continue;
    arena.remove(id);
    if (entry === undefined) continue;
    if (unitsOf(context.keys, entry.tags).some((unit) => arena.loaded.has(unit))) wanted.set(id, entry);
  }
  arena.outdated.clear();
  const seen = new Set<string>();
  const points = await fetchPoints(context.store, context.keys.partition, [...wanted.keys()]);
  for (const point of points.values()) takePoint(arena, point, seen, context, ({ id }) => wanted.has(id));
  if (seen.size < wanted.size) arena.reset();
}

/**
 * While a write is announced and not settled, the store may hold a document half in its new form: its rows go unless
 * they are all of the old version or all of the new one.
 */
export function dropTornDocuments(arena: Arena, ledger: CollectionLedger): void {
  const { put, remove } = ledger.intent ?? { put: [], remove: [] };
  const removed = remove.flatMap((id) => ledger.entry(id)?.document ?? []);
  for (const document of new Set([...put.map((entry) => entry.document), ...removed])) {
    const rows = arena.ofDocument(document);
    const known = ledger.ofDocument(document);
    const next = new Map(known.map((entry) => [entry.id, entry]));
    for (const id of remove) next.delete(id);
    for (const entry of put) if (entry.document === document) next.set(entry.id, entry);
    const sides = [[...next.values()], known];
    const whole = sides.map((side) => rows.filter((row) => belongs(row, side)));
    const kept = whole.find((held, side) => held.length > 0 && held.length === sides[side]?.length) ?? [];
    for (const row of rows) if (!kept.includes(row)) arena.remove(row.id);
  }
}

function belongs(row: ArenaRow, side: readonly LedgerEntry[]): boolean {
  return side.some(({ id, version }) => id === row.id && version === row.version);
}
