import type { Tenant } from '@cloister/core';
import { retrieverError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { deriveCollectionKeys } from '../record/record-keys.ts';
import { documentTag } from '../record/record-names.ts';
import type { RetrieverContext } from '../retriever-context.ts';
import { isName } from './ingest-document.ts';

/** What a removal did. */
export interface RemovalReceipt {
  /** Documents of which the store held something. */
  readonly documents: number;
  /** Records that the store says it removed. */
  readonly chunks: number;
}

/** Removes documents of a tenant: see `Retriever.remove`. */
export async function remove(
  context: RetrieverContext,
  tenant: Tenant,
  documents: readonly string[],
): Promise<RemovalReceipt> {
  const bad = documents.findIndex((id) => !isName(id, LIMITS.documentId));
  if (bad >= 0) throw retrieverError('ERR_RETRIEVER_DOCUMENT', { detail: { document: bad } });
  const keys = await deriveCollectionKeys(tenant, context.collection);
  try {
    const { arena, access, writing } = context.arenas.slot(keys.partition);
    const tags = documents.map((id) => documentTag(keys, id));
    const counts: number[] = [];
    await writing.run(() =>
      access.run(async () => {
        for (const tag of tags) {
          counts.push(await context.store.deleteDocument(keys.partition, tag));
          arena.removeDocument(tag);
        }
      }),
    );
    return {
      documents: counts.filter((count) => count > 0).length,
      chunks: counts.reduce((sum, count) => sum + count, 0),
    };
  } finally {
    keys.clear();
  }
}
