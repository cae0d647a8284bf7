import type { ArenaSlot } from '../arena/arena-cache.ts';
import { putRecord } from '../arena/put-record.ts';
import { unitsOf } from '../arena/selection.ts';
import { chunkText } from '../chunk-text.ts';
import { embedTexts } from '../embed-texts.ts';
import { retrieverError } from '../errors.ts';
import { openHead } from '../record/open-record.ts';
import type { CollectionKeys } from '../record/record-keys.ts';
import { documentTag, pointId } from '../record/record-names.ts';
import { changeAccess, createNonces, sealRecord } from '../record/seal-record.ts';
import type { SealedRecord } from '../record/seal-record.ts';
import type { RetrieverContext } from '../retriever-context.ts';
import type { DocumentPlan } from './plan-ingest.ts';
import type { RecordDraft, RecordWrite } from './record-draft.ts';
import { writeRecords } from './write-records.ts';
import { targetOf } from './write-target.ts';

/** A document that has been cut and waits to be embedded; one that is only relabelled has nothing to embed. */
export interface CutDocument {
  readonly plan: DocumentPlan;
  readonly chunks: readonly string[];
}

/** Cuts a document with the retriever's tokenizer. */
export async function cutDocument(context: RetrieverContext, plan: DocumentPlan): Promise<CutDocument> {
  const { text, headings } = plan.document;
  if (plan.action === 'relabelled' || text === undefined) return { plan, chunks: [] };
  return { plan, chunks: chunkText(text, await context.tokenizer(), { headings }) };
}

/** What became of one document. */
export interface WrittenDocument {
  readonly plan: DocumentPlan;
  readonly chunks: number;
  /** Sealed bytes. */
  readonly bytes: number;
}

/**
 * Embeds, seals and stores whole documents, then brings the arena in step.
 * @throws CloisterError `ERR_RETRIEVER_STORE_LOST`, `ERR_RETRIEVER_EMBEDDER`; what the store throws
 */
export async function writeDocuments(
  context: RetrieverContext,
  keys: CollectionKeys,
  slot: ArenaSlot,
  documents: readonly CutDocument[],
  signal: AbortSignal | undefined,
): Promise<readonly WrittenDocument[]> {
  const texts = documents.flatMap(({ chunks }) => chunks);
  const vectors = texts.length === 0 ? [] : await embedTexts(context.embedder, texts, signal);
  let offset = 0;
  const drafted = documents.map(({ plan, chunks }) => {
    const own = vectors.slice(offset, (offset += chunks.length));
    return { plan, drafts: draftDocument(context, keys, plan, chunks, own) };
  });
  const drafts = drafted.flatMap((document) => document.drafts);
  const cleared = drafted
    .filter(({ plan, drafts: own }) => needsClearing(plan, own.length, slot))
    .map(({ plan }) => documentTag(keys, plan.document.id));
  const { records } = await slot.access.run(async () => {
    const outcome = await writeRecords(targetOf(context, keys, slot), { drafts, cleared });
    updateArena(keys, slot, outcome);
    return outcome;
  });
  offset = 0;
  return drafted.map(({ plan, drafts: own }) => {
    const written = records.slice(offset, (offset += own.length));
    return { plan, chunks: written.length, bytes: bytesOf(written) };
  });
}

function draftDocument(
  context: RetrieverContext,
  keys: CollectionKeys,
  { action, document, content, stored, storedVersion }: DocumentPlan,
  chunks: readonly string[],
  vectors: readonly Float32Array[],
): readonly RecordDraft[] {
  const version = Math.max(Math.floor(context.clock.now()), storedVersion + 1);
  const random = createNonces(context.random);
  if (action === 'relabelled') {
    return stored.map(({ point, head }) => ({
      id: point.id,
      values: undefined,
      seal: (cells) => changeAccess(keys, point, head, { ...document, version, cells }, random),
    }));
  }
  const { id, text: _text, headings: _headings, ...access } = document;
  const embedder = context.embedder.id;
  return chunks.map((text, chunk) => {
    const head = { ...access, document: id, chunk, chunks: chunks.length, version, content, embedder };
    const values = vectors[chunk] as Float32Array;
    return {
      id: pointId(keys, id, chunk),
      values,
      seal: (cells) => sealRecord(keys, { ...head, cells, text, values }, random),
    };
  });
}

/** New chunks overwrite old ones by id; only what they do not cover has to be removed. */
function needsClearing({ action, storedChunks }: DocumentPlan, chunks: number, { ledger }: ArenaSlot): boolean {
  // Without a ledger nobody can say that the store holds no left-over of a document that seems new.
  return action === 'repaired' || storedChunks > chunks || (action === 'added' && ledger === undefined);
}

function bytesOf(records: readonly SealedRecord[]): number {
  return records.reduce((sum, { point }) => sum + point.head.length + point.payload.length + point.vector.length, 0);
}

/** Only records of what is loaded belong into the arena: it must hold all of those, and no others. */
export function updateArena(keys: CollectionKeys, { arena }: ArenaSlot, { records, moved }: RecordWrite): void {
  for (const { point } of moved) arena.outdated.add(point.id);
  for (const document of new Set(records.map(({ point }) => point.document))) arena.removeDocument(document);
  for (const { point, head } of records) {
    arena.newest.set(point.document, head.version);
    if (!unitsOf(keys, [...point.tags, ...head.cells]).some((unit) => arena.loaded.has(unit))) continue;
    const opened = openHead(keys, point);
    if (typeof opened === 'string') throw retrieverError(opened);
    const refusal = putRecord(arena, keys, point, opened);
    if (refusal !== undefined) throw retrieverError(refusal);
  }
}
