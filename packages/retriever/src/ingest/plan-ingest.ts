import type { StoredPoint } from '@cloister/core';
import type { CollectionLedger } from '@cloister/tenancy';
import type { ArenaSlot } from '../arena/arena-cache.ts';
import { catchUp } from '../arena/sync-arena.ts';
import { openHead } from '../record/open-record.ts';
import { equalAccess } from '../record/record-head.ts';
import type { RecordHead } from '../record/record-head.ts';
import type { CollectionKeys } from '../record/record-keys.ts';
import { documentTag, pointId } from '../record/record-names.ts';
import type { RetrieverContext } from '../retriever-context.ts';
import { fetchPoints } from './fetch-points.ts';
import { contentDigest } from './ingest-document.ts';
import type { ParsedDocument } from './ingest-document.ts';

/** One stored chunk of a document, opened as far as its head. */
export interface StoredChunk {
  readonly point: StoredPoint;
  readonly head: RecordHead;
}

/** What is to be done with one document. */
export interface DocumentPlan {
  readonly document: ParsedDocument;
  readonly content: string;
  /**
   * `relabelled`: only who may find it has changed. `repaired`: the store holds something for it that does not open, or
   * not what the ledger says.
   */
  readonly action: 'added' | 'replaced' | 'relabelled' | 'repaired' | 'skipped';
  /** All chunks of an unchanged text. */
  readonly stored: readonly StoredChunk[];
  /** Chunks and version of what counts now; 0 when there is nothing that opens. */
  readonly storedChunks: number;
  readonly storedVersion: number;
}

interface Known {
  readonly keys: CollectionKeys;
  readonly ledger: CollectionLedger | undefined;
  readonly points: ReadonlyMap<string, StoredPoint>;
}

/**
 * Compares documents with what the store holds and the ledger says, as of now. Only heads are opened; nothing is
 * embedded.
 */
export async function planIngest(
  context: RetrieverContext,
  keys: CollectionKeys,
  { arena, ledger, access }: ArenaSlot,
  documents: readonly ParsedDocument[],
): Promise<readonly DocumentPlan[]> {
  const { store } = context;
  return access.run(async () => {
    if (ledger !== undefined) await catchUp(arena, ledger);
    const ids = documents.map(({ id }) => pointId(keys, id, 0));
    const firsts = await fetchPoints(store, keys.partition, ids);
    const plans = documents.map((document) => planDocument(context, document, { keys, ledger, points: firsts }));
    const rest = plans.filter(isUnchanged).flatMap((plan) => otherIds(keys, plan));
    const others = await fetchPoints(store, keys.partition, rest);
    return plans.map((plan) => (isUnchanged(plan) ? withAllChunks(plan, { keys, ledger, points: others }) : plan));
  });
}

function isUnchanged({ action }: DocumentPlan): boolean {
  return action === 'skipped' || action === 'relabelled';
}

function planDocument(context: RetrieverContext, document: ParsedDocument, known: Known): DocumentPlan {
  const id = pointId(known.keys, document.id, 0);
  const recorded = known.ledger?.ofDocument(documentTag(known.keys, document.id)) ?? [];
  const first = openChunk(known, id);
  const { text } = document;
  const content = text === undefined ? (first?.head.content ?? '') : contentDigest(document, context.procedure);
  const storedVersion = Math.max(first?.head.version ?? 0, ...recorded.map(({ version }) => version));
  const stored = first === undefined ? [] : [first];
  const plan = { document, content, stored, storedChunks: first?.head.chunks ?? recorded.length, storedVersion };
  if (first === undefined) {
    return { ...plan, action: known.points.has(id) || recorded.length > 0 ? 'repaired' : 'added' };
  }
  if (first.head.content !== content) return { ...plan, action: 'replaced' };
  return { ...plan, action: equalAccess(first.head, document) ? 'skipped' : 'relabelled' };
}

/** The chunk under this id, if its head opens and is the one that the ledger knows. */
function openChunk({ keys, ledger, points }: Known, id: string): StoredChunk | undefined {
  const point = points.get(id);
  const opened = point && openHead(keys, point);
  if (point === undefined || opened === undefined || typeof opened === 'string') return undefined;
  return ledger === undefined || ledger.entry(id)?.digest === opened.digest ? { point, head: opened.head } : undefined;
}

function otherIds(keys: CollectionKeys, { document, storedChunks }: DocumentPlan): readonly string[] {
  return Array.from({ length: Math.max(0, storedChunks - 1) }, (_, index) => pointId(keys, document.id, index + 1));
}

/** Adds the further chunks of an unchanged text; all must be there, open and be of the same version. */
function withAllChunks(plan: DocumentPlan, known: Known): DocumentPlan {
  const others = otherIds(known.keys, plan).map((id) => openChunk(known, id));
  const whole = others.filter(
    (chunk) => chunk !== undefined && chunk.head.version === plan.storedVersion && chunk.head.content === plan.content,
  ) as StoredChunk[];
  if (whole.length < others.length) return { ...plan, action: 'repaired' };
  return { ...plan, stored: [...plan.stored, ...whole] };
}
