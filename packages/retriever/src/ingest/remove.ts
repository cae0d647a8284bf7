import type { Tenant } from '@cloister/core';
import { retrieverError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { deriveCollectionKeys } from '../record/record-keys.ts';
import { documentTag } from '../record/record-names.ts';
import type { RetrieverContext } from '../retriever-context.ts';
import { isName } from './ingest-document.ts';
import { writeRecords } from './write-records.ts';
import { targetOf } from './write-target.ts';

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
  const keys = await deriveCollectionKeys(tenant, context.collection, context.mode);
  try {
    const slot = context.arenas.slot(keys.partition);
    const { arena, access, writing } = slot;
    const target = targetOf(context, keys, slot);
    const counts: number[] = [];
    await writing.run(() =>
      access.run(async () => {
        for (const tag of documents.map((id) => documentTag(keys, id))) {
          const { removed, moved } = await writeRecords(target, { drafts: [], cleared: [tag] });
          counts.push(removed);
          arena.removeDocument(tag);
          for (const { point } of moved) arena.outdated.add(point.id);
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
