import { sha256Hex } from '@cloister/core';
import type { LedgerChanges, LedgerEntry } from '@cloister/core';
import { NO_CHANGES } from '@cloister/tenancy';
import type { CollectionLedger } from '@cloister/tenancy';
import { fetchPoints } from './fetch-points.ts';
import type { WriteTarget } from './write-target.ts';

/**
 * Ends what a writer announced and did not settle, document by document: what the store holds whole in its new form
 * counts from now on; everything else counts as before. With a store whose `put` is all or nothing, that is what it
 * holds. Of another one, a half-written document is refused until it is ingested again.
 */
export async function settleIntent(target: WriteTarget, ledger: CollectionLedger): Promise<void> {
  await ledger.refresh();
  const { intent } = ledger;
  if (intent === undefined) return;
  const { store, keys } = target;
  const ids = [...intent.put.map(({ id }) => id), ...intent.remove];
  const points = await fetchPoints(store, keys.partition, ids);
  const digests = new Map([...points].map(([id, { head }]) => [id, sha256Hex(head)]));
  const put: LedgerEntry[] = [];
  const remove: string[] = [];
  for (const document of documentsOf(ledger, intent)) {
    const known = ledger.ofDocument(document);
    const outcome = settleDocument(
      known,
      intent.put.filter((entry) => entry.document === document),
      known.filter(({ id }) => intent.remove.includes(id)).map(({ id }) => id),
      digests,
    );
    put.push(...outcome.put);
    remove.push(...outcome.remove);
    const gone = new Set(outcome.remove);
    const kept = [...known, ...outcome.put].map(({ id }) => id).filter((id) => !gone.has(id));
    await store.deleteDocument(keys.partition, document, kept);
  }
  await ledger.advance({ put, remove });
}

function documentsOf(ledger: CollectionLedger, { put, remove }: LedgerChanges): ReadonlySet<string> {
  const removed = remove.flatMap((id) => ledger.entry(id)?.document ?? []);
  return new Set([...put.map(({ document }) => document), ...removed]);
}

function settleDocument(
  known: readonly LedgerEntry[],
  put: readonly LedgerEntry[],
  remove: readonly string[],
  digests: ReadonlyMap<string, string>,
): LedgerChanges {
  const before = new Map(known.map((entry) => [entry.id, entry]));
  const stored = put.filter(({ id, digest }) => digests.get(id) === digest);
  // A rotation seals the same version anew, record by record: old and new go together.
  const whole = put.every((entry) => {
    const old = before.get(entry.id);
    const asBefore = old?.version === entry.version && digests.get(entry.id) === old.digest;
    return asBefore || digests.get(entry.id) === entry.digest;
  });
  return whole ? { put: stored, remove } : NO_CHANGES;
}
