import { highest } from '@cloister/core';
import type { IngestDocument, IngestOptions, IngestReceipt } from '@cloister/retriever';
import type { Chain } from './chain.ts';
import { recordEvent } from './events.ts';

/**
 * Seals and stores documents of the tenant, and records how many.
 * @throws CloisterError what the retriever says
 */
export async function ingest(
  chain: Chain,
  documents: readonly IngestDocument[],
  options: IngestOptions,
): Promise<IngestReceipt> {
  const label = highest(documents.map((document) => document.label));
  const start = performance.now();
  const receipt = await chain.retriever.ingest(chain.tenant, documents, options);
  await recordEvent(chain.audit, {
    type: 'ingest',
    outcome: 'allow',
    ...(await chain.references.current()).context(chain.claims),
    collection: chain.collection,
    documents: receipt.documents,
    chunks: receipt.chunks,
    skipped: receipt.skipped,
    label,
    ms: Math.round(performance.now() - start),
  });
  return receipt;
}
