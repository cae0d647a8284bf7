import type { Tenant } from '@cloister/core';
import type { ArenaSlot } from '../arena/arena-cache.ts';
import { deriveCollectionKeys } from '../record/record-keys.ts';
import type { CollectionKeys } from '../record/record-keys.ts';
import type { RetrieverContext } from '../retriever-context.ts';
import { parseDocuments, parseSource } from './ingest-document.ts';
import type { IngestDocument, ParsedDocument, SourceAccess } from './ingest-document.ts';
import { tightenAccess } from './tighten-access.ts';
import { planIngest } from './plan-ingest.ts';
import type { DocumentPlan } from './plan-ingest.ts';
import { cutDocument, writeDocuments } from './write-documents.ts';
import type { CutDocument } from './write-documents.ts';

/** How far an ingestion is. */
export interface IngestProgress {
  /** Documents done: written or found unchanged. */
  readonly documents: number;
  readonly totalDocuments: number;
  /** Chunks written so far. */
  readonly chunks: number;
}

/** Options of `ingest`. */
export interface IngestOptions {
  readonly onProgress?: (progress: IngestProgress) => void;
  /**
   * Who may find what comes from where these documents do. Every document and all its chunks inherit it, and can only
   * tighten it: the higher label, the groups in both, the compartments of either, the earlier end of retention.
   */
  readonly source?: SourceAccess;
  /** Stops between batches; what is written stays, and the next call goes on from there. */
  readonly signal?: AbortSignal;
}

/** What an ingestion did. `documents` = `added` + `replaced` + `relabelled` + `repaired` + `skipped`; likewise for chunks. */
export interface IngestReceipt {
  readonly documents: number;
  readonly added: number;
  readonly replaced: number;
  /** Documents of which only the access has changed: their heads were sealed anew, nothing was embedded. */
  readonly relabelled: number;
  /** Documents whose stored records were incomplete or did not open. */
  readonly repaired: number;
  /** Documents that were already there, unchanged: nothing was embedded for them. */
  readonly skipped: number;
  /** Chunks that the store now holds for these documents: `chunksWritten` + `chunksSkipped`. */
  readonly chunks: number;
  readonly chunksWritten: number;
  readonly chunksSkipped: number;
  /** Sealed bytes written. */
  readonly bytes: number;
}

/** Documents compared with the store at once, and chunks embedded and written at once. */
const DOCUMENTS = 64;
const CHUNKS = 64;

type Counts = { -readonly [Name in keyof IngestReceipt]: number };

interface Run {
  readonly context: RetrieverContext;
  readonly keys: CollectionKeys;
  readonly slot: ArenaSlot;
  readonly options: IngestOptions;
  readonly total: number;
  readonly counts: Counts;
}

/** Seals and stores documents of a tenant: see `Retriever.ingest`. */
export async function ingest(
  context: RetrieverContext,
  tenant: Tenant,
  documents: readonly IngestDocument[],
  options: IngestOptions,
): Promise<IngestReceipt> {
  const parsed = inherit(parseDocuments(documents), options.source);
  const keys = await deriveCollectionKeys(tenant, context.collection, context.mode);
  try {
    const slot = context.arenas.slot(keys.partition);
    const run: Run = { context, keys, slot, options, total: parsed.length, counts: emptyCounts() };
    await slot.writing.run(async () => {
      for (let start = 0; start < parsed.length; start += DOCUMENTS) {
        await ingestGroup(run, parsed.slice(start, start + DOCUMENTS));
      }
    });
    return run.counts;
  } finally {
    keys.clear();
  }
}

function inherit(documents: readonly ParsedDocument[], source: SourceAccess | undefined): readonly ParsedDocument[] {
  if (source === undefined) return documents;
  const access = parseSource(source);
  return documents.map((document) => ({ ...document, ...tightenAccess(access, document) }));
}

function emptyCounts(): Counts {
  const chunks = { chunks: 0, chunksWritten: 0, chunksSkipped: 0 };
  return { documents: 0, added: 0, replaced: 0, relabelled: 0, repaired: 0, skipped: 0, ...chunks, bytes: 0 };
}

async function ingestGroup(run: Run, documents: readonly ParsedDocument[]): Promise<void> {
  run.options.signal?.throwIfAborted();
  let waiting: CutDocument[] = [];
  let chunks = 0;
  const { context, keys, slot } = run;
  for (const plan of await planIngest(context, keys, slot, documents)) {
    if (plan.action === 'skipped') {
      count(run, 'skipped', plan.storedChunks);
      continue;
    }
    const cut = await cutDocument(context, plan);
    waiting.push(cut);
    chunks += cut.chunks.length;
    if (chunks < CHUNKS) continue;
    await write(run, waiting);
    waiting = [];
    chunks = 0;
  }
  if (waiting.length > 0) await write(run, waiting);
  else report(run);
}

async function write(run: Run, documents: readonly CutDocument[]): Promise<void> {
  const { context, keys, slot, options } = run;
  for (const { plan, chunks, bytes } of await writeDocuments(context, keys, slot, documents, options.signal)) {
    run.counts.bytes += bytes;
    count(run, plan.action, chunks);
  }
  report(run);
}

function count({ counts }: Run, action: DocumentPlan['action'], chunks: number): void {
  counts.documents++;
  counts[action]++;
  counts.chunks += chunks;
  counts[action === 'skipped' ? 'chunksSkipped' : 'chunksWritten'] += chunks;
}

function report({ options, counts, total }: Run): void {
  options.onProgress?.({ documents: counts.documents, totalDocuments: total, chunks: counts.chunksWritten });
}
