import { CLASSIFICATIONS, type Classification, type Tenant } from '@cloister/core';
import {
  createRetriever,
  embedQuestion,
  type CellBasis,
  type IngestDocument,
  type IngestOptions,
  type IngestReceipt,
  type PrefixBasis,
  type Retriever,
  type RetrieverOptions,
  type SearchMode,
  type SearchOptions,
  type SearchReport,
  type SearchResult,
} from '@cloister/retriever';
import { runtimeError } from './errors.ts';
import type { RuntimePolicy } from './policy.ts';

/** What the modes `cells` and `prefix` need; without it the policy's next mode is taken. */
export interface SearchBases {
  readonly cells?: CellBasis;
  readonly prefix?: PrefixBasis;
}

/** Keeps each document in the mode that the policy names for its class, and searches all of them as one. */
export interface ClassRetriever {
  /** In which mode documents of a class are kept. */
  modeOf(label: Classification): SearchMode;
  /** As `Retriever.ingest`. A document whose class has changed leaves the mode that it was kept in before. */
  ingest(tenant: Tenant, documents: readonly IngestDocument[], options: IngestOptions): Promise<IngestReceipt>;
  /**
   * As `Retriever.search`, best first over all modes.
   * @param options.label class of the question: it shows itself to a store only in modes that the policy allows for it
   */
  search(
    tenant: Tenant,
    question: string,
    options: SearchOptions & { readonly label: Classification; readonly limit: number },
  ): Promise<SearchResult>;
}

type Parts = Pick<RetrieverOptions, 'store' | 'embedder' | 'collection' | 'ledger'>;

/** Modes in which what a store is asked for depends on the question. */
const TELLING: readonly SearchMode[] = ['cells', 'prefix'];

/**
 * Chooses a mode for every class: the first of the policy's that can be had from these parts.
 * @throws CloisterError `ERR_RUNTIME_MODE_NOT_ALLOWED` when none can be had for a class
 */
export function createClassRetriever({ classes }: RuntimePolicy, parts: Parts, bases: SearchBases): ClassRetriever {
  const options: Record<SearchMode, Pick<RetrieverOptions, 'mode' | 'cellBasis' | 'prefixBasis'> | undefined> = {
    sealed: { mode: 'sealed' },
    plain: { mode: 'plain' },
    cells: bases.cells && parts.ledger && { mode: 'cells', cellBasis: bases.cells },
    prefix: bases.prefix && parts.store.nearest && { mode: 'prefix', prefixBasis: bases.prefix },
  };
  const chosen = CLASSIFICATIONS.map((label) => {
    const mode = classes[label].searchModes.find((one) => options[one] !== undefined);
    if (mode === undefined) throw runtimeError('ERR_RUNTIME_MODE_NOT_ALLOWED', { subject: label });
    return [label, mode] as const;
  });
  const modes = new Map<Classification, SearchMode>(chosen);
  const modeOf = (label: Classification): SearchMode => modes.get(label) as SearchMode;
  const retrievers = new Map<SearchMode, Retriever>();
  for (const mode of new Set(modes.values())) retrievers.set(mode, createRetriever({ ...parts, ...options[mode] }));
  return {
    modeOf,
    async ingest(tenant, documents, ingestOptions) {
      const receipts: IngestReceipt[] = [];
      for (const [mode, retriever] of retrievers) {
        const own = documents.filter(({ label }) => modeOf(label) === mode);
        if (own.length > 0 || documents.length === 0) receipts.push(await retriever.ingest(tenant, own, ingestOptions));
      }
      // Last, so that a crash leaves a document in two modes rather than in none; ingesting it again ends it.
      for (const [mode, retriever] of retrievers) {
        const others = documents.filter(({ label }) => modeOf(label) !== mode).map(({ id }) => id);
        if (others.length > 0) await retriever.remove(tenant, others);
      }
      return receipts.reduce(addReceipts);
    },
    async search(tenant, question, { label, ...searchOptions }) {
      const allowed = classes[label].searchModes;
      const asked = [...retrievers].filter(([mode]) => !TELLING.includes(mode) || allowed.includes(mode));
      const vector = await embedQuestion(parts.embedder, question, searchOptions);
      const found = await Promise.all(
        asked.map(async ([mode, retriever]) => {
          const { chunks, report } = await retriever.search(tenant, question, { ...searchOptions, vector });
          // What an older policy let into a mode does not count there any more.
          return { report, chunks: chunks.filter((chunk) => modeOf(chunk.label) === mode) };
        }),
      );
      const chunks = found.flatMap((one) => one.chunks).toSorted((left, right) => right.score - left.score);
      return {
        chunks: chunks.slice(0, searchOptions.limit),
        report: found.map(({ report }) => report).reduce(addReports, NOTHING),
      };
    },
  };
}

const NOTHING: SearchReport = {
  scanned: 0,
  refusedByAcl: 0,
  refusedByStore: {},
  otherEmbedder: 0,
  bytes: 0,
  rollback: 'checked',
};

function addReceipts(left: IngestReceipt, right: IngestReceipt): IngestReceipt {
  const names = Object.keys(left) as (keyof IngestReceipt)[];
  return Object.fromEntries(names.map((name) => [name, left[name] + right[name]])) as unknown as IngestReceipt;
}

function addReports(left: SearchReport, right: SearchReport): SearchReport {
  const refused: Record<string, number> = { ...left.refusedByStore };
  for (const [code, count] of Object.entries(right.refusedByStore)) refused[code] = (refused[code] ?? 0) + count;
  return {
    scanned: left.scanned + right.scanned,
    refusedByAcl: left.refusedByAcl + right.refusedByAcl,
    refusedByStore: refused,
    otherEmbedder: left.otherEmbedder + right.otherEmbedder,
    bytes: left.bytes + right.bytes,
    rollback: right.rollback === 'checked' ? left.rollback : right.rollback,
  };
}
