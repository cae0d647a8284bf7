import type { Tenant } from '@cloister/core';
import { deriveCollectionKeys } from '../record/record-keys.ts';
import type { RetrieverContext } from '../retriever-context.ts';
import { parseAccessChanges } from './ingest-document.ts';
import type { AccessChange } from './ingest-document.ts';
import { planIngest } from './plan-ingest.ts';
import { writeDocuments } from './write-documents.ts';

/** What a change of access did. `documents` = `relabelled` + `unchanged` + `missing`. */
export interface RelabelReceipt {
  readonly documents: number;
  readonly relabelled: number;
  /** Documents that had this access already. */
  readonly unchanged: number;
  /** Documents that the store does not hold, or not whole. */
  readonly missing: number;
  /** Heads that were sealed anew. */
  readonly chunks: number;
}

/** Documents at once. */
const BATCH = 64;

/** Changes who may find documents of a tenant: see `Retriever.relabel`. */
export async function relabel(
  context: RetrieverContext,
  tenant: Tenant,
  changes: readonly AccessChange[],
): Promise<RelabelReceipt> {
  const parsed = parseAccessChanges(changes);
  const keys = await deriveCollectionKeys(tenant, context.collection, context.mode);
  const receipt = { documents: parsed.length, relabelled: 0, unchanged: 0, missing: 0, chunks: 0 };
  try {
    const slot = context.arenas.slot(keys.partition);
    await slot.writing.run(async () => {
      for (let start = 0; start < parsed.length; start += BATCH) {
        const plans = await planIngest(context, keys, slot, parsed.slice(start, start + BATCH));
        const changed = plans.filter(({ action }) => action === 'relabelled').map((plan) => ({ plan, chunks: [] }));
        const written = await writeDocuments(context, keys, slot, changed, undefined);
        const unchanged = plans.filter(({ action }) => action === 'skipped').length;
        receipt.relabelled += changed.length;
        receipt.unchanged += unchanged;
        receipt.missing += plans.length - changed.length - unchanged;
        receipt.chunks += written.reduce((sum, { chunks }) => sum + chunks, 0);
      }
    });
    return receipt;
  } finally {
    keys.clear();
  }
}
