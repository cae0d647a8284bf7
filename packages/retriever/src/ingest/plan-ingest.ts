import type { StoredPoint } from '@cloister/core';
import { isStoredPoint, openHead } from '../record/open-record.ts';
import type { RecordHead } from '../record/record-head.ts';
import type { CollectionKeys } from '../record/record-keys.ts';
import { pointId } from '../record/record-names.ts';
import type { RetrieverContext } from '../retriever-context.ts';
import { contentDigest } from './ingest-document.ts';
import type { IngestDocument } from './ingest-document.ts';

/** What is to be done with one document. */
export interface DocumentPlan {
  readonly document: IngestDocument;
  readonly content: string;
  /** `repaired`: the store holds something for it that does not open. */
  readonly action: 'added' | 'replaced' | 'repaired' | 'skipped';
  /** Chunks and version of what the store holds; 0 when there is nothing that opens. */
  readonly storedChunks: number;
  readonly storedVersion: number;
}

/** At most this many points are asked of the store at once. */
const BATCH = 256;

/** Compares documents with what the store holds. Only heads are opened; nothing is embedded. */
export async function planIngest(
  context: RetrieverContext,
  keys: CollectionKeys,
  documents: readonly IngestDocument[],
): Promise<readonly DocumentPlan[]> {
  const firsts = await fetchPoints(
    context,
    keys,
    documents.map(({ id }) => pointId(keys, id, 0)),
  );
  const plans = documents.map((document) => planDocument(context, keys, document, firsts));
  const rest = plans.filter(({ action }) => action === 'skipped').flatMap((plan) => otherIds(keys, plan));
  const others = await fetchPoints(context, keys, rest);
  return plans.map((plan) => (isWhole(keys, plan, others) ? plan : { ...plan, action: 'repaired' as const }));
}

type Points = ReadonlyMap<string, StoredPoint>;

async function fetchPoints(context: RetrieverContext, keys: CollectionKeys, ids: readonly string[]): Promise<Points> {
  const points = new Map<string, StoredPoint>();
  for (let start = 0; start < ids.length; start += BATCH) {
    for (const point of await context.store.get(keys.partition, ids.slice(start, start + BATCH))) {
      if (isStoredPoint(point)) points.set(point.id, point);
    }
  }
  return points;
}

function planDocument(
  context: RetrieverContext,
  keys: CollectionKeys,
  document: IngestDocument,
  firsts: Points,
): DocumentPlan {
  const content = contentDigest(document, context.procedure);
  const first = firsts.get(pointId(keys, document.id, 0));
  const head = first === undefined ? undefined : openedHead(keys, first);
  const stored = { document, content, storedChunks: head?.chunks ?? 0, storedVersion: head?.version ?? 0 };
  if (first === undefined) return { ...stored, action: 'added' };
  if (head === undefined) return { ...stored, action: 'repaired' };
  return { ...stored, action: head.content === content ? 'skipped' : 'replaced' };
}

function openedHead(keys: CollectionKeys, point: StoredPoint): RecordHead | undefined {
  const opened = openHead(keys, point);
  return typeof opened === 'string' ? undefined : opened.head;
}

function otherIds(keys: CollectionKeys, { document, storedChunks }: DocumentPlan): readonly string[] {
  return Array.from({ length: Math.max(0, storedChunks - 1) }, (_, index) => pointId(keys, document.id, index + 1));
}

/** Whether every further chunk of an unchanged document is there, opens and is of the same version. */
function isWhole(keys: CollectionKeys, plan: DocumentPlan, others: Points): boolean {
  if (plan.action !== 'skipped') return true;
  return otherIds(keys, plan).every((id) => {
    const point = others.get(id);
    const head = point === undefined ? undefined : openedHead(keys, point);
    return head?.version === plan.storedVersion && head.content === plan.content;
  });
}
