import { systemRandom } from '@cloister/core';
import type { Embedder, KeyBroker, Tenant, VectorStore } from '@cloister/core';
import { createRetriever, fitCells, fitPrefixBasis, SEARCH_MODES } from '@cloister/retriever';
import type { Retriever, RetrieverOptions, SearchMode } from '@cloister/retriever';
import { onnxEmbedder } from '@cloister/retriever/onnx';
import { sqliteStore } from '@cloister/retriever/sqlite';
import { createTenancy, localBroker, localLedger } from '@cloister/tenancy';
import { assertPrincipal } from '@cloister/tenancy/unsafe';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWatchedStore } from '../retrieval/watched-store.ts';

const MALFORMED = 'ERR_CONFORMANCE_MALFORMED_LINE';
const NO_COLLECTION = 'ERR_CONFORMANCE_NO_COLLECTION';
const MODE_UNSUPPORTED = 'ERR_RETRIEVER_MODE_UNSUPPORTED';
const GROUP = 'everyone';
const MOST_HITS = 1000;

/** Thrown for a line whose members are missing or of the wrong type. */
class MalformedLine extends Error {}

type Line = Readonly<Record<string, unknown>>;

interface GivenDocument {
  readonly id: string;
  readonly text: string;
  readonly vector?: readonly number[];
}

/** The collection that later lines ask. */
interface Opened {
  readonly retriever: Retriever;
  readonly store: VectorStore;
  readonly dimensions: number;
  readonly given: boolean;
  /** Results to ask for at least, so that the mode looks at everything. */
  readonly width: number;
  /** Gives the embedder a vector under a name that stands for it as a text. */
  readonly register: (vector: readonly number[]) => string;
}

let opened: Opened | undefined;
let tenant: Promise<Tenant> | undefined;
let model: Embedder | undefined;

const isText = (value: unknown): value is string => typeof value === 'string' && value.isWellFormed();
const isVector = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.length > 0 && value.length <= 8192 && value.every((number) => Number.isFinite(number));

function isDocument(value: unknown): value is GivenDocument {
  if (typeof value !== 'object' || value === null) return false;
  const { id, text, vector } = value as Line;
  return isText(id) && id !== '' && isText(text) && (vector === undefined || isVector(vector));
}

/** One tenant with every right: the area asks about retrieval, not about access. */
async function enter(): Promise<Tenant> {
  const directory = mkdtempSync(join(tmpdir(), 'cloister-conformance-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const broker: KeyBroker = localBroker(directory, { key: systemRandom(32) });
  const claims = { issuer: 'conformance', tenant: 'conformance', subject: 'conformance', compartments: [] };
  const rights = { groups: [GROUP], clearance: 'restricted', purpose: 'conformance' } as const;
  return createTenancy({ broker }).tenant(assertPrincipal({ ...claims, ...rights }));
}

/** Vectors that the lines bring along, scaled to length 1 as every embedder's are. A text stands for each. */
function givenEmbedder(dimensions: number, vectors: ReadonlyMap<string, Float32Array>): Embedder {
  return {
    id: 'given',
    dimensions,
    embed: async (texts) => texts.map((text) => vectors.get(text) ?? new Float32Array(dimensions)),
  };
}

function normalise(vector: readonly number[]): Float32Array {
  const length = Math.hypot(...vector);
  return Float32Array.from(vector, (value) => (length === 0 ? 0 : value / length));
}

async function open(line: Line): Promise<object> {
  const { id, collection, mode, embedder, documents } = line;
  const wellFormed =
    isText(collection) &&
    isText(mode) &&
    (embedder === 'onnx' || embedder === 'given') &&
    Array.isArray(documents) &&
    documents.every(isDocument);
  if (!wellFormed) throw new MalformedLine();
  if (!isMode(mode)) return { id, ok: false, code: MODE_UNSUPPORTED };
  const parts = embedder === 'onnx' ? modelParts() : givenParts(documents);
  // A file does not compare prefixes; this store does, as a server would.
  const store = mode === 'prefix' ? createWatchedStore() : sqliteStore(':memory:');
  const retriever = createRetriever({
    store,
    embedder: parts.embedder,
    collection,
    ...(await modeOptions(mode, parts, documents)),
  });
  const entries = documents.map((document, index) => ({
    id: document.id,
    text: parts.given ? String(index) : document.text,
    label: 'internal' as const,
    acl: [GROUP],
  }));
  let width = 1;
  try {
    const { chunks } = await retriever.ingest(await (tenant ??= enter()), entries);
    if (mode === 'prefix') width = chunks;
  } catch (error) {
    await store.close();
    throw error;
  }
  await close();
  opened = { ...parts, dimensions: parts.embedder.dimensions, retriever, store, width };
  return { id, ok: true, count: documents.length };
}

const isMode = (mode: string): mode is SearchMode => (SEARCH_MODES as readonly string[]).includes(mode);

/**
 * What a mode needs, from the documents themselves. The area asks for exact answers, so `cells` opens all of them; how
 * much a mode finds that opens less is measured by `evaluate retrieval`.
 */
async function modeOptions(
  mode: SearchMode,
  { embedder, given }: Parts,
  documents: readonly GivenDocument[],
): Promise<Partial<RetrieverOptions>> {
  if (mode !== 'cells' && mode !== 'prefix') return { mode };
  const texts = documents.map(({ text }, index) => (given ? String(index) : text));
  const sample = texts.length === 0 ? [new Float32Array(embedder.dimensions)] : await embedder.embed(texts);
  if (mode === 'prefix') return { mode, prefixBasis: fitPrefixBasis(sample) };
  const cells = Math.min(64, sample.length);
  return { mode, cellBasis: fitCells(sample, { cells }), cellProbes: cells, ledger: localLedger(':memory:') };
}

type Parts = Pick<Opened, 'given' | 'register'> & { readonly embedder: Embedder };

function modelParts(): Parts {
  const register = (): never => {
    throw new MalformedLine();
  };
  return { embedder: (model ??= onnxEmbedder()), given: false, register };
}

/** The text that is stored for a document is its position, so that two documents may have one vector or one text. */
function givenParts(documents: readonly GivenDocument[]): Parts {
  const vectors = new Map<string, Float32Array>();
  const dimensions = documents[0]?.vector?.length ?? 1;
  for (const [index, { vector }] of documents.entries()) {
    if (vector?.length !== dimensions) throw new MalformedLine();
    vectors.set(String(index), normalise(vector));
  }
  const register = (vector: readonly number[]): string => {
    vectors.set('question', normalise(vector));
    return 'question';
  };
  return { embedder: givenEmbedder(dimensions, vectors), given: true, register };
}

async function close(): Promise<void> {
  await opened?.retriever.close();
  await opened?.store.close();
  opened = undefined;
}

/** Best first by document: a document counts with its best chunk. */
async function search(line: Line): Promise<object> {
  const { id, query, vector, k } = line;
  const wellFormed = Number.isInteger(k) && (k as number) >= 1 && isText(query) !== isVector(vector);
  if (!wellFormed) throw new MalformedLine();
  if (opened === undefined) return { id, ok: false, code: NO_COLLECTION };
  const question = questionOf(opened, query, vector);
  // Several chunks may belong to one document, so more of them are asked for.
  const wanted = opened.given ? (k as number) : 8 * (k as number) + 50;
  const limit = Math.min(MOST_HITS, Math.max(wanted, opened.width));
  const { chunks } = await opened.retriever.search(await (tenant ??= enter()), question, { limit });
  const best = new Map<string, number>();
  for (const { document, score } of chunks) if (!best.has(document)) best.set(document, score);
  const hits = [...best].slice(0, k as number).map(([document, score]) => ({ document, score }));
  return { id, hits };
}

function questionOf({ given, dimensions, register }: Opened, query: unknown, vector: unknown): string {
  if (!given && isText(query)) return query;
  if (!given || !isVector(vector) || vector.length !== dimensions) throw new MalformedLine();
  return register(vector);
}

/**
 * One answer of the area `retrieval`. A line with `documents` opens a collection (`{id, ok, count}`) and replaces the one
 * before; a line with `query` or `vector` asks it (`{id, hits: [{document, score}]}`, k at most 1,000), in
 * every mode; in the mode `prefix` exact for collections of up to 4,000 chunks.
 * @throws CloisterError what the retriever refuses
 */
export async function answer(line: unknown): Promise<object> {
  const { id, documents } = line as Line;
  try {
    return documents === undefined ? await search(line as Line) : await open(line as Line);
  } catch (error) {
    if (!(error instanceof MalformedLine)) throw error;
  }
  return { id, ok: false, code: MALFORMED };
}
