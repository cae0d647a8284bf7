import { toHex } from '@cloister/core';
import type { CollectionLedger } from '@cloister/tenancy';
import { fetchPoints } from '../ingest/fetch-points.ts';
import type { RecordDraft, RecordWrite } from '../ingest/record-draft.ts';
import type { WriteTarget } from '../ingest/write-target.ts';
import { openHead } from '../record/open-record.ts';
import { changeCells } from '../record/seal-record.ts';
import type { SealedRecord } from '../record/seal-record.ts';
import { cellTag, placeOf } from './cell-names.ts';
import type { CellSpace } from './cell-space.ts';
import { planPlaces } from './plan-places.ts';
import type { CellMembers } from './plan-places.ts';

/** What a write does to one cell. */
interface CellChange {
  /** Ids that come in. */
  readonly added: string[];
  /** Ids that were there and go. */
  readonly gone: Set<string>;
}

/**
 * Gives every draft its bucket, by what the ledger says now, and moves others so that buckets stay full. Where one that
 * had to move cannot be read, what is new waits: a damaged store stops no write.
 */
export async function placeDrafts(
  target: WriteTarget,
  space: CellSpace,
  ledger: CollectionLedger,
  drafts: readonly RecordDraft[],
  removed: readonly string[],
): Promise<RecordWrite> {
  const { waiting } = target.keys;
  const places = new Map<string, readonly string[]>();
  const moved: SealedRecord[] = [];
  const own = new Set(drafts.map(({ id }) => id));
  for (const [cell, { added, gone }] of changesByCell(target, space, ledger, drafts, removed)) {
    const members = membersOf(ledger, waiting, cell, gone);
    const plan = planPlaces(members, added, () => toHex(target.random(16)));
    const placed = [...plan].map(([id, bucket]) => [id, [cell, bucket ?? waiting]] as const);
    const others = await moveOthers(target, ledger, new Map(placed.filter(([id]) => !own.has(id))));
    if (others !== undefined) moved.push(...others);
    const taken = others === undefined ? added.map((id) => [id, [cell, waiting]] as const) : placed;
    for (const [id, place] of taken) places.set(id, place);
  }
  return { records: drafts.map((draft) => draft.seal(places.get(draft.id) ?? placeIn(ledger, draft.id))), moved };
}

/** Which ids every cell gains and loses. A record that stays in its cell stays where it is. */
function changesByCell(
  { keys }: WriteTarget,
  space: CellSpace,
  ledger: CollectionLedger,
  drafts: readonly RecordDraft[],
  removed: readonly string[],
): ReadonlyMap<string, CellChange> {
  const changes = new Map<string, CellChange>();
  const changeOf = (cell: string): CellChange => {
    const change = changes.get(cell) ?? { added: [], gone: new Set() };
    changes.set(cell, change);
    return change;
  };
  const before = (id: string): string | undefined => placeIn(ledger, id)[0];
  for (const { id, values } of drafts) {
    const old = before(id);
    const cell = values === undefined ? old : cellTag(keys, space, space.nearest(values, 1)[0]?.cell ?? 0);
    if (cell === undefined || cell === old) continue;
    changeOf(cell).added.push(id);
    if (old !== undefined) changeOf(old).gone.add(id);
  }
  for (const id of removed) {
    const old = before(id);
    if (old !== undefined) changeOf(old).gone.add(id);
  }
  return changes;
}

function placeIn(ledger: CollectionLedger, id: string): readonly string[] {
  const entry = ledger.entry(id);
  if (entry === undefined) return [];
  const { cell, bucket } = placeOf(entry.tags);
  return [cell, bucket];
}

function membersOf(
  ledger: CollectionLedger,
  waitingPlace: string,
  cell: string,
  gone: ReadonlySet<string>,
): CellMembers {
  const buckets = new Map<string, string[]>();
  for (const entry of ledger.withTag(cell)) {
    if (gone.has(entry.id)) continue;
    const { bucket } = placeOf(entry.tags);
    buckets.set(bucket, [...(buckets.get(bucket) ?? []), entry.id]);
  }
  const waiting = buckets.get(waitingPlace) ?? [];
  buckets.delete(waitingPlace);
  return { buckets, waiting };
}

/** The other records in their new places; `undefined` when the store does not give out all of them as they were. */
async function moveOthers(
  { store, keys, random }: WriteTarget,
  ledger: CollectionLedger,
  places: ReadonlyMap<string, readonly string[]>,
): Promise<readonly SealedRecord[] | undefined> {
  const points = await fetchPoints(store, keys.partition, [...places.keys()]);
  const records: SealedRecord[] = [];
  for (const [id, cells] of places) {
    const point = points.get(id);
    const opened = point && openHead(keys, point);
    if (point === undefined || opened === undefined || typeof opened === 'string') return undefined;
    if (ledger.entry(id)?.digest !== opened.digest) return undefined;
    records.push(changeCells(keys, point, opened.head, cells, random));
  }
  return records;
}
