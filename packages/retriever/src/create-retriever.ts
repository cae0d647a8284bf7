import { systemClock, systemRandom, utf8 } from '@cloister/core';
import type { Clock, Embedder, Ledger, RandomSource, Tenant, Tokenizer, VectorStore } from '@cloister/core';
import { approximateTokenizer } from './approximate-tokenizer.ts';
import { createArenaCache } from './arena/arena-cache.ts';
import { createCellSpace, isCellBasis } from './cells/cell-space.ts';
import type { CellBasis } from './cells/cell-space.ts';
import { checkOptions, isWithin } from './check-options.ts';
import { retrieverError } from './errors.ts';
import type { RetrieverEmbedder } from './hashing-embedder.ts';
import { ingest } from './ingest/ingest.ts';
import type { IngestOptions, IngestReceipt } from './ingest/ingest.ts';
import { isName } from './ingest/ingest-document.ts';
import type { AccessChange, IngestDocument } from './ingest/ingest-document.ts';
import { relabel } from './ingest/relabel.ts';
import type { RelabelReceipt } from './ingest/relabel.ts';
import { remove } from './ingest/remove.ts';
import type { RemovalReceipt } from './ingest/remove.ts';
import { rotate } from './ingest/rotate.ts';
import type { RotationOptions, RotationReceipt } from './ingest/rotate.ts';
import { createTermSplitter, isLanguage } from './lexical/split-terms.ts';
import { LIMITS } from './limits.ts';
import { PREFIX } from './prefix/fit-prefix-basis.ts';
import type { PrefixBasis } from './prefix/fit-prefix-basis.ts';
import { hasNearest } from './search/load-nearest.ts';
import type { RetrieverContext } from './retriever-context.ts';
import { SEARCH_MODES } from './search-mode.ts';
import type { SearchMode } from './search-mode.ts';
import { search } from './search/search.ts';
import type { SearchOptions, SearchResult } from './search/search-result.ts';

/** What a retriever is made of. */
export interface RetrieverOptions {
  /** Untrusted; stays the caller's to close. */
  readonly store: VectorStore;
  readonly embedder: Embedder | RetrieverEmbedder;
  /** Counts tokens when documents are cut; the embedder's own unless given, else an approximation. */
  readonly tokenizer?: Tokenizer;
  /**
   * On the trusted side, for example `localBroker(…).ledger`: finds out that the store went back to an older state, left
   * records out or forked. Without one a report says `rollback: not detected`. Every retriever of a collection must have it.
   */
  readonly ledger?: Ledger | undefined;
  /** 1 to 256 bytes of UTF-8; `default` unless given. Collections share neither keys nor ids. */
  readonly collection?: string;
  /**
   * How records are kept (DESIGN 6.4): `sealed` (unless said) gives the store nothing but sealed bytes. `cells` also tells it
   * which records lie together in a bucket of 16 alike ones, and a search opens those of the nearest cells alone. `prefix` also gives it
   * 64 components of each vector, rotated in secret and with noise, so that it can find candidates for more records than fit
   * into memory. That is obfuscation: who knows some texts and their records can find out the rotation. `plain` hides
   * nothing from who reads the store, for public data and benchmarks; what comes back is still what was written.
   */
  readonly mode?: SearchMode;
  /** What the mode `prefix` needs: see `fitPrefixBasis`. */
  readonly prefixBasis?: PrefixBasis;
  /**
   * In the mode `prefix` with `ranking: 'hybrid'`: the store also gets the words of every text under keyed numbers, with how
   * often each is in it, and finds candidates by them. **Whoever reads the store sees which texts share words and how often each
   * word is used, in the texts and in questions: with the frequencies of a language that tells many of them.** Not unless said;
   * in the modes that open everything, words are ranked by without any of this.
   */
  readonly keyedWordsThatLeakFrequencies?: boolean;
  /** What the mode `cells` needs, besides a ledger: see `fitCells`. */
  readonly cellBasis?: CellBasis;
  /** How many cells a search opens; a quarter of them unless said. More cost time and find more. */
  readonly cellProbes?: number;
  /**
   * `dense` (unless said) compares vectors; `hybrid` also ranks by the words of the opened texts (BM25) and fuses the two.
   * The words stay in this process. In the mode `cells` the texts of the opened cells count, and no others.
   */
  readonly ranking?: 'dense' | 'hybrid';
  /** Of the texts, as a BCP 47 tag; `en` unless said. Decides how letters become lower-case when words are compared. */
  readonly language?: string;
  /**
   * What a search does when the store gives out records that must not be believed: `throw` (unless said) refuses the
   * search, `skip` leaves them out and counts them in the report. They are never returned either way.
   */
  readonly onTampered?: 'throw' | 'skip';
  /** Most bytes of opened vectors and words in memory, over all tenants; 512 MiB unless said. */
  readonly maxArenaBytes?: number;
  readonly clock?: Clock;
  readonly random?: RandomSource;
}

/** Tenant-scoped retrieval over an untrusted store. Every call takes a capability; none takes a tenant id or a filter. */
export interface Retriever {
  /**
   * Cuts, embeds, seals and stores documents. Documents that are already there unchanged cost one look-up; changed ones
   * are replaced without leftovers. Label and groups go to every chunk. Who may write is the application's decision.
   * @throws CloisterError `ERR_RETRIEVER_DOCUMENT`, `_DUPLICATE_DOCUMENT`, `_EMBEDDER`, `_STORE_LOST`, `_CLOSED`, what
   *   tenancy, store and embedder throw; the signal's reason
   */
  ingest(tenant: Tenant, documents: readonly IngestDocument[], options?: IngestOptions): Promise<IngestReceipt>;
  /**
   * The chunks nearest to the question among those that the tenant's principal may see: its clearance covers the label
   * and it holds one of the groups. Exact: every such chunk is compared. With `ranking: 'hybrid'` by words as well.
   * @throws CloisterError `ERR_RETRIEVER_TAMPERED`, `_QUESTION`, `_OPTIONS`, `_TOO_LARGE`, `_EMBEDDER`, `_CLOSED`, what
   *   tenancy, store and embedder throw; the signal's reason
   */
  search(tenant: Tenant, question: string, options?: SearchOptions): Promise<SearchResult>;
  /**
   * Removes documents by id, whether or not the principal may see them. Ids that do not exist are no error.
   * @throws CloisterError `ERR_RETRIEVER_DOCUMENT`, `_CLOSED`, what tenancy and store throw
   */
  remove(tenant: Tenant, documents: readonly string[]): Promise<RemovalReceipt>;
  /**
   * Changes who may find documents, without their texts: heads are sealed anew, nothing is embedded, and the next search
   * judges by the new access. Who may do so is the application's decision.
   * @throws CloisterError `ERR_RETRIEVER_DOCUMENT`, `_DUPLICATE_DOCUMENT`, `_STORE_LOST`, `_CLOSED`, what tenancy and
   *   store throw
   */
  relabel(tenant: Tenant, changes: readonly AccessChange[]): Promise<RelabelReceipt>;
  /**
   * Seals every record of the collection with the newest version of the tenant's keys, after `tenancy.rotate`. Ids,
   * versions, texts and vectors stay as they are, and searches go on meanwhile. Resumes by itself when called again; once
   * it has ended for every collection, `tenancy.retire` may destroy the older version.
   * @throws CloisterError `ERR_RETRIEVER_TAMPERED` when a record cannot be sealed anew or is missing, `_CLOSED`, what
   *   tenancy and store throw; the signal's reason
   */
  rotate(tenant: Tenant, options?: RotationOptions): Promise<RotationReceipt>;
  /** Zeroes what was opened. Store and embedder stay open. */
  close(): Promise<void>;
}

/**
 * A retriever over a store and an embedder (DESIGN 6.4).
 * @throws CloisterError `ERR_RETRIEVER_OPTIONS`, `ERR_RETRIEVER_MODE_UNSUPPORTED`
 */
export function createRetriever(options: RetrieverOptions): Retriever {
  const context = resolveOptions(options);
  return {
    ingest: (tenant, documents, ingestOptions = {}) => ingest(context, tenant, documents, ingestOptions),
    search: (tenant, question, searchOptions = {}) => search(context, tenant, question, searchOptions),
    remove: (tenant, documents) => remove(context, tenant, documents),
    relabel: (tenant, changes) => relabel(context, tenant, changes),
    rotate: (tenant, rotationOptions = {}) => rotate(context, tenant, rotationOptions),
    close: async () => context.arenas.close(),
  };
}

const NAMES = [
  'store',
  'embedder',
  'tokenizer',
  'ledger',
  'collection',
  'mode',
  'prefixBasis',
  'keyedWordsThatLeakFrequencies',
  'cellBasis',
  'cellProbes',
  'ranking',
  'language',
  'onTampered',
  'maxArenaBytes',
  'clock',
  'random',
];

function resolveOptions(options: RetrieverOptions): RetrieverContext {
  const { store, embedder, collection = 'default', onTampered = 'throw', maxArenaBytes = 512 * 1024 * 1024 } = options;
  const { ranking = 'dense', language = 'en', tokenizer } = options;
  const { mode = 'sealed', prefixBasis, cellBasis, keyedWordsThatLeakFrequencies: keyed = false } = options;
  const isSupported = mode === 'prefix' ? hasNearest(store) : SEARCH_MODES.includes(mode);
  if (!isSupported) throw retrieverError('ERR_RETRIEVER_MODE_UNSUPPORTED');
  checkOptions([
    Object.keys(options).some((name) => !NAMES.includes(name)) && 'unknown option',
    (!isName(collection, LIMITS.collection) || utf8(collection).length > LIMITS.collection) && 'collection',
    !['throw', 'skip'].includes(onTampered) && 'onTampered',
    !['dense', 'hybrid'].includes(ranking) && 'ranking',
    options.language !== undefined && !isLanguage(language) && 'language',
    mode === 'prefix' && (ranking === 'hybrid') !== keyed && 'ranking',
    keyed && (mode !== 'prefix' || store.sharing === undefined) && 'keyedWordsThatLeakFrequencies',
    (mode === 'prefix') !== isBasis(prefixBasis, embedder.dimensions) && 'prefixBasis',
    (mode === 'cells') !== isCellBasis(cellBasis, embedder.dimensions) && 'cellBasis',
    mode === 'cells' && options.ledger === undefined && 'ledger',
    !(Number.isSafeInteger(maxArenaBytes) && maxArenaBytes > 0) && 'maxArenaBytes',
    !isWithin(embedder.dimensions, 1, 8192) && 'embedder',
  ]);
  const terms = ranking === 'hybrid' ? createTermSplitter(language) : undefined;
  return {
    store,
    embedder,
    collection,
    mode,
    onTampered,
    prefix: prefixBasis,
    keyedWords: keyed ? terms : undefined,
    ...resolveCells(options),
    ledger: options.ledger,
    arenas: createArenaCache({
      dimensions: embedder.dimensions,
      maxBytes: maxArenaBytes,
      ledger: options.ledger,
      terms,
    }),
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
    tokenizer: async () => tokenizer ?? (await ownTokenizer(embedder)),
    procedure: JSON.stringify(['sentences-126-v1', embedder.id, tokenizer?.id ?? 'own']),
  };
}

function resolveCells({ cellBasis, cellProbes }: RetrieverOptions): Pick<RetrieverContext, 'cells' | 'probes'> {
  const cells = cellBasis && createCellSpace(cellBasis);
  const most = cells?.cells ?? 1;
  const probes = cellProbes ?? Math.ceil(most / 4);
  checkOptions([!isWithin(probes, 1, most) && 'cellProbes']);
  return { cells, probes };
}

function isBasis(basis: PrefixBasis | undefined, dimensions: number): boolean {
  return basis?.mean.length === dimensions && basis.axes.length === PREFIX * dimensions;
}

async function ownTokenizer(embedder: Embedder | RetrieverEmbedder): Promise<Tokenizer> {
  return 'tokenizer' in embedder ? embedder.tokenizer() : approximateTokenizer;
}
