import type { StoredPoint } from '@cloister/core';
import type { ArenaSlot } from '../arena/arena-cache.ts';
import { chunkText } from '../chunk-text.ts';
import { embedTexts } from '../embed-texts.ts';
import { retrieverError } from '../errors.ts';
import { openHead, openVector } from '../record/open-record.ts';
import type { CollectionKeys } from '../record/record-keys.ts';
import { documentTag } from '../record/record-names.ts';
import { sealRecord } from '../record/seal-record.ts';
import type { RetrieverContext } from '../retriever-context.ts';
import type { DocumentPlan } from './plan-ingest.ts';

/** A document that has been cut and waits to be embedded. */
export interface CutDocument {
  readonly plan: DocumentPlan;
  readonly chunks: readonly string[];
}

/** Cuts a document with the retriever's tokenizer. */
export async function cutDocument(context: RetrieverContext, plan: DocumentPlan): Promise<CutDocument> {
  return { plan, chunks: chunkText(plan.document.text, await context.tokenizer()) };
}

/**
 * Embeds, seals and stores whole documents, then brings the arena in step.
 * @returns sealed bytes written
 * @throws CloisterError `ERR_RETRIEVER_STORE_LOST`, `ERR_RETRIEVER_EMBEDDER`; what the store throws
 */
export async function writeDocuments(
  context: RetrieverContext,
  keys: CollectionKeys,
  slot: ArenaSlot,
  documents: readonly CutDocument[],
  signal: AbortSignal | undefined,
): Promise<number> {
  const texts = documents.flatMap(({ chunks }) => chunks);
  const vectors = await embedTexts(context.embedder, texts, signal);
  let offset = 0;
  const points: StoredPoint[] = [];
  for (const { plan, chunks } of documents) {
    points.push(...sealDocument(context, keys, plan, chunks, vectors.slice(offset, offset + chunks.length)));
    offset += chunks.length;
  }
  await slot.access.run(async () => {
    for (const document of documents) await removeLeftOvers(context, keys, document);
    if ((await context.store.put(points)) !== points.length) throw retrieverError('ERR_RETRIEVER_STORE_LOST');
    updateArena(keys, slot, points);
  });
  return points.reduce((sum, point) => sum + point.head.length + point.payload.length + point.vector.length, 0);
}

function sealDocument(
  context: RetrieverContext,
  keys: CollectionKeys,
  { document, content, storedVersion }: DocumentPlan,
  chunks: readonly string[],
  vectors: readonly Float32Array[],
): readonly StoredPoint[] {
  const version = Math.max(Math.floor(context.clock.now()), storedVersion + 1);
  return chunks.map((text, chunk) => {
    const { id, label, acl } = document;
    const values = vectors[chunk] as Float32Array;
    const head = { document: id, label, acl, chunk, chunks: chunks.length, version, content };
    return sealRecord(keys, { ...head, embedder: context.embedder.id, text, values }, context.random);
  });
}

/** New chunks overwrite old ones by id; only what they would not cover has to be removed first. */
async function removeLeftOvers(
  context: RetrieverContext,
  keys: CollectionKeys,
  { plan, chunks }: CutDocument,
): Promise<void> {
  const covered = plan.action === 'replaced' && plan.storedChunks <= chunks.length;
  if (!covered) await context.store.deleteDocument(keys.partition, documentTag(keys, plan.document.id));
}

/** Only records whose tags are loaded belong into the arena: it must hold all records of a loaded tag, and no others. */
function updateArena(keys: CollectionKeys, { arena }: ArenaSlot, points: readonly StoredPoint[]): void {
  for (const document of new Set(points.map((point) => point.document))) arena.removeDocument(document);
  for (const point of points) {
    const opened = openHead(keys, point);
    if (typeof opened === 'string') throw retrieverError(opened);
    arena.newest.set(point.document, opened.head.version);
    if (!point.tags.some((tag) => arena.loadedTags.has(tag))) continue;
    const vector = openVector(keys, point, opened.head);
    if (typeof vector === 'string') throw retrieverError(vector);
    arena.put(point.id, point.document, opened, vector);
  }
}
