import type { VectorStore } from '@cloister/core';
import { CONDITIONS, createFilter } from './filters.ts';
import { FIELDS } from './point-wire.ts';
import { scrollPages } from './scroll.ts';
import type { Session } from './scroll.ts';

/** What documents are to keep, by their blind tags. */
type Kept = ReadonlyMap<string, ReadonlySet<string>>;

/** Documents that are asked about together, and how many points of each were removed once that is done. */
interface Batch {
  readonly partition: string;
  readonly kept: Map<string, ReadonlySet<string>>;
  readonly removed: Promise<ReadonlyMap<string, number>>;
}

/** Removes points of documents. Calls that are made at once share their requests: an ingestion clears many documents in one go. */
export function createRemover(ready: () => Promise<Session>): VectorStore['deleteDocument'] {
  let batch: Batch | undefined;
  const open = (partition: string): Batch => {
    const kept: Batch['kept'] = new Map();
    const removed = ready().then((session) => {
      if (batch?.kept === kept) batch = undefined;
      return removeDocuments(session, partition, kept);
    });
    return { partition, kept, removed };
  };
  return async (partition, document, keep = []) => {
    const joins = batch?.partition === partition && !batch.kept.has(document) && batch.kept.size < CONDITIONS;
    const joined = joins && batch !== undefined ? batch : open(partition);
    batch = joined;
    joined.kept.set(document, new Set(keep));
    return (await joined.removed).get(document) ?? 0;
  };
}

async function removeDocuments(session: Session, partition: string, kept: Kept): Promise<ReadonlyMap<string, number>> {
  const { connection, options } = session;
  const documents = [...kept.keys()];
  const removed = new Map<string, number>();
  const gone: string[] = [];
  for await (const page of scrollPages(session, createFilter(partition, { documents }), [FIELDS.document])) {
    for (const { id, document } of page) {
      if (kept.get(document)?.has(id) !== false || !/^[0-9a-f]{32}$/.test(id)) continue;
      gone.push(id);
      removed.set(document, (removed.get(document) ?? 0) + 1);
    }
  }
  for (let start = 0; start < gone.length; start += CONDITIONS) {
    const selected = createFilter(partition, { documents, ids: gone.slice(start, start + CONDITIONS) });
    await connection.call((calls) => calls.delete(options.collection, { wait: true, filter: selected }));
  }
  return removed;
}
