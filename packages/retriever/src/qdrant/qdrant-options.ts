import { checkOptions, isWithin } from '../check-options.ts';

/** How many replicas a read asks, in a cluster (Qdrant's read consistency). */
export type ReadConsistency = number | 'majority' | 'quorum' | 'all';

/** Where records are kept. */
export interface QdrantStoreOptions {
  /** `http:` or `https:`, with the port when it is not that of the scheme; a path is kept. */
  readonly url: string;
  /** Sent in the header `api-key`. Without TLS only to this machine. */
  readonly apiKey?: string;
  /** Name of Qdrant's collection, which all tenants share: letters, digits, `_` and `-`; `cloister` unless said. */
  readonly collection?: string;
  /** Keeps prefixes, for retrievers in the mode `prefix`; not unless said. Decided when the collection is made. */
  readonly prefixes?: boolean;
  /**
   * Keeps the words of texts under keyed numbers as sparse vectors, for retrievers with the option of the same name: **whoever reads
   * the server sees how often each word is used, and with the frequencies of a language which word many of them are.** Not unless
   * said. Decided when the collection is made; needs `prefixes`.
   */
  readonly keyedWordsThatLeakFrequencies?: boolean;
  /** Shards of a new collection; what the server takes for best unless said. */
  readonly shards?: number;
  /** Copies of every shard of a new collection; 1 unless said. */
  readonly replicas?: number;
  /** Copies that must have a write before it counts, in a new collection; all of them unless said. */
  readonly writeConsistency?: number;
  /** Copies that a read asks; one unless said. */
  readonly readConsistency?: ReadConsistency;
  /** The most milliseconds of one request; 60,000 unless said. */
  readonly timeout?: number;
  /** How to wait before a request that the server put off is sent again; for tests. */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

/** The options, spelt out. */
export interface ResolvedQdrantOptions {
  readonly origin: URL;
  readonly apiKey: string | undefined;
  readonly collection: string;
  readonly prefixes: boolean;
  readonly keyedWords: boolean;
  readonly shards: number | undefined;
  readonly replicas: number;
  readonly writeConsistency: number;
  readonly readConsistency: ReadConsistency | undefined;
  readonly timeout: number;
  pause(milliseconds: number): Promise<void>;
}

const NAMES = ['url', 'apiKey', 'collection', 'prefixes', 'shards', 'replicas'];
const MORE_NAMES = ['keyedWordsThatLeakFrequencies', 'writeConsistency', 'readConsistency', 'timeout', 'pause'];

/** @throws CloisterError `ERR_RETRIEVER_OPTIONS` */
export function resolveQdrantOptions(options: QdrantStoreOptions): ResolvedQdrantOptions {
  const { url, apiKey, collection = 'cloister', shards, replicas = 1, readConsistency, timeout = 60_000 } = options;
  const { writeConsistency = replicas, pause = sleep, prefixes = false } = options;
  const { keyedWordsThatLeakFrequencies: keyedWords = false } = options;
  const origin = URL.parse(url);
  const isLevel = typeof readConsistency !== 'number' || isWithin(readConsistency, 1, 64);
  checkOptions([
    Object.keys(options).some((name) => ![...NAMES, ...MORE_NAMES].includes(name)) && 'unknown option',
    !isUsable(origin) && 'url',
    apiKey !== undefined && (!/^[\x21-\x7e]{1,8192}$/.test(apiKey) || !isPrivate(origin)) && 'apiKey',
    !/^[A-Za-z0-9_-]{1,128}$/.test(collection) && 'collection',
    keyedWords && !prefixes && 'keyedWordsThatLeakFrequencies',
    shards !== undefined && !isWithin(shards, 1, 10_000) && 'shards',
    !isWithin(replicas, 1, 64) && 'replicas',
    (!isWithin(writeConsistency, 1, 64) || writeConsistency > replicas) && 'writeConsistency',
    (!isLevel || !LEVELS.includes(typeof readConsistency === 'number' ? 'all' : readConsistency)) && 'readConsistency',
    !isWithin(timeout, 1, 3_600_000) && 'timeout',
  ]);
  const cluster = { prefixes, keyedWords, shards, replicas, writeConsistency, readConsistency };
  return { origin: origin as URL, apiKey, collection, ...cluster, timeout, pause };
}

const LEVELS: readonly unknown[] = ['majority', 'quorum', 'all', undefined];

function isUsable(url: URL | null): boolean {
  const plain = url?.search === '' && url.hash === '' && url.username === '' && url.password === '';
  return plain && (url?.protocol === 'http:' || url?.protocol === 'https:');
}

/** Whether nobody on the way can read what is sent. */
function isPrivate(url: URL | null): boolean {
  return url?.protocol === 'https:' || /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url?.hostname ?? '');
}

async function sleep(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
