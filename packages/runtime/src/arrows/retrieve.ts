import type { RetrievedChunk } from '@cloister/retriever';
import type { ArrowNotes } from '../arrow.ts';
import type { AskOptions } from '../ask-options.ts';
import type { Chain } from '../chain.ts';
import type { Recorder } from './record.ts';

/** -> tenant-scoped retrieval: only records that open with this tenant's keys and that this principal may see. */
export async function retrieve(
  chain: Chain,
  recorder: Recorder,
  question: string,
  options: AskOptions,
  notes: ArrowNotes,
): Promise<readonly RetrievedChunk[]> {
  const start = performance.now();
  const limit = options.limit ?? 6;
  const { chunks, report } = await chain.retriever.search(chain.tenant, question, {
    limit,
    label: options.label ?? chain.claims.clearance,
    ...(options.signal ? { signal: options.signal } : {}),
  });
  notes.checked.push('record.aead', 'record.head', 'acl.label', 'acl.group', `rollback: ${report.rollback}`);
  notes.bytes = report.bytes;
  notes.attributes = { 'db.response.returned_rows': chunks.length };
  recorder.retrieval(report, limit, chunks.length, performance.now() - start);
  options.observer?.retrieved?.(chunks);
  return chunks;
}
