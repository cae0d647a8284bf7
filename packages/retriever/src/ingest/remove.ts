import type { Tenant } from '@cloister/core';
import type { Arena } from '../arena/arena.ts';
import { retrieverError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { deriveCollectionKeys } from '../record/record-keys.ts';
import { documentTag } from '../record/record-names.ts';
import type { RetrieverContext } from '../retriever-context.ts';
import { isName } from './ingest-document.ts';
import { writeRecords } from './write-records.ts';
import { targetOf } from './write-target.ts';
import type { WriteTarget } from './write-target.ts';

/** What a removal did. */
export interface RemovalReceipt {
  /** Documents of which the store held something. */
  readonly documents: number;
  /** Records that the store says it removed. */
  readonly chunks: number;
}

/** Documents at once. */
const BATCH = 64;

/** Removes documents of a tenant: see `Retriever.remove`. */
export async function remove(
  context: RetrieverContext,
  tenant: Tenant,
  documents: readonly string[],
): Promise<RemovalReceipt> {
  const given: unknown = documents;
  if (!Array.isArray(given) || given.length > LIMITS.documents) throw retrieverError('ERR_RETRIEVER_DOCUMENT');
  const bad = documents.findIndex((id) => !isName(id, LIMITS.documentId));
  if (bad >= 0) throw retrieverError('ERR_RETRIEVER_DOCUMENT', { detail: { document: bad } });
  const keys = await deriveCollectionKeys(tenant, context.collection, context.mode);
  try {
    const slot = context.arenas.slot(keys.partition);
    const target = targetOf(context, keys, slot);
    const tags = [...new Set(documents.map((id) => documentTag(keys, id)))];
    const counts: number[] = [];
    await slot.writing.run(async () => {
      for (let start = 0; start < tags.length; start += BATCH) {
        const cleared = tags.slice(start, start + BATCH);
        counts.push(...(await slot.access.run(() => removeBatch(target, slot.arena, cleared))));
      }
    });
    return {
      documents: counts.filter((count) => count > 0).length,
      chunks: counts.reduce((sum, count) => sum + count, 0),
    };
  } finally {
    keys.clear();
  }
}

/** Removes documents in one step of the ledger. @returns how many records each had */
async function removeBatch(target: WriteTarget, arena: Arena, cleared: readonly string[]): Promise<readonly number[]> {
  const { removed, moved } = await writeRecords(target, { drafts: [], cleared });
  for (const tag of cleared) arena.removeDocument(tag);
  for (const { point } of moved) arena.outdated.add(point.id);
  return removed;
}
