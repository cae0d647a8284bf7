import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom } from '@cloister/core';
import type { Embedder, Tenant } from '@cloister/core';
import { createRetriever } from '@cloister/retriever';
import { qdrantStore } from '@cloister/retriever/qdrant';
import { startQdrantStandIn } from '@cloister/simulator/qdrant';
import { createTenancy, localBroker, localLedger } from '@cloister/tenancy';
import { assertPrincipal } from '@cloister/tenancy/unsafe';
import { MemoryVectorStore } from '@langchain/classic/vectorstores/memory';
import { Document } from '@langchain/core/documents';
import type { EmbeddingsInterface } from '@langchain/core/embeddings';
import type { VectorStore } from '@langchain/core/vectorstores';
import { QdrantVectorStore } from '@langchain/qdrant';
import { QdrantClient } from '@qdrant/js-client-rest';
import type { Row } from './report.ts';
import { createSamples } from './samples.ts';

// What an application calls: adding texts and asking for ten of them, through our retriever, through the vector stores of
// LangChain.js and through the bare client, over the same stand-in for Qdrant and with the same vectors. Embedding costs
// the same for all and is a look-up here. Only the first of them seals, checks access and keeps tenants apart by keys.

const TEXTS = 1000;
const QUESTIONS = 20;
const DIMENSIONS = 384;
const ROUNDS = 3;
const FOUND = 10;

/** One way to store and to ask. */
interface Contestant {
  readonly add: (texts: readonly string[]) => Promise<unknown>;
  /** How many were found. */
  readonly ask: (question: string) => Promise<number>;
}

/** The rows of `bench retrieval` beside other stores. */
export async function measureVectorStores(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cloister-stores-'));
  const server = await startQdrantStandIn();
  const tenancy = createTenancy({ broker: localBroker(folder, { key: systemRandom(32) }) });
  const claims = { issuer: 'bench', tenant: 'bench', subject: 'bench', purpose: 'bench', groups: ['all'] };
  const tenant = await tenancy.tenant(assertPrincipal({ ...claims, clearance: 'restricted', compartments: [] }));
  const embedder = createEmbedder();
  const samples = createSamples();
  const contestants: Readonly<Record<string, () => Promise<Contestant>>> = {
    'bare client of Qdrant': () => bareClient(server.url, embedder),
    'sealed retriever over Qdrant': async () => sealed(server.url, embedder, tenant, join(folder, `${newName()}.db`)),
    'LangChain.js over Qdrant': async () => langchain(newQdrant(server.url, embedder)),
    'LangChain.js in memory, nothing stored': async () => langchain(new MemoryVectorStore(asEmbeddings(embedder))),
  };
  try {
    for (let round = -1; round < ROUNDS; round++) {
      if (round === 0) samples.clear();
      for (const [name, open] of Object.entries(contestants)) await play(name, await open(), samples);
    }
  } finally {
    await tenancy.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
  const [base = ''] = Object.keys(contestants);
  return Object.keys(contestants).flatMap((name) =>
    ['add', 'ask'].map((work) => {
      const [value, baseline] = [samples.median(`${name} ${work}`), samples.median(`${base} ${work}`)];
      const what = work === 'add' ? `add ${TEXTS} texts` : `ask for ${FOUND}`;
      return { name: `${name}: ${what} (baseline: ${base})`, value, unit: 'ms', baseline, ratio: value / baseline };
    }),
  );
}

const texts = Array.from(
  { length: TEXTS },
  (_, index) => `Note ${index}. The patient was seen and the dose was changed.`,
);

async function play(name: string, { add, ask }: Contestant, samples: ReturnType<typeof createSamples>): Promise<void> {
  const start = performance.now();
  await add(texts);
  samples.add(`${name} add`, performance.now() - start);
  for (let question = 0; question < QUESTIONS; question++) {
    const asked = performance.now();
    const found = await ask(`Question ${question}`);
    if (question > 0) samples.add(`${name} ask`, performance.now() - asked);
    if (found !== FOUND) throw new Error(`${name} found ${found} instead of ${FOUND}`);
  }
}

/** Unit vectors that belong to a text and cost nothing. */
function createEmbedder(): Embedder {
  const known = new Map<string, Float32Array>();
  const make = (text: string): Float32Array => {
    const values = Float32Array.from({ length: DIMENSIONS }, () => Math.random() - 0.5);
    const length = Math.hypot(...values);
    const vector = values.map((value) => value / length);
    known.set(text, vector);
    return vector;
  };
  return {
    id: 'bench',
    dimensions: DIMENSIONS,
    embed: async (given) => given.map((text) => known.get(text) ?? make(text)),
  };
}

function asEmbeddings(embedder: Embedder): EmbeddingsInterface {
  const embed = async (given: readonly string[]): Promise<number[][]> =>
    (await embedder.embed(given)).map((vector) => Array.from(vector));
  return {
    embedDocuments: embed,
    embedQuery: async (text) => (await embed([text]))[0] ?? [],
  };
}

let names = 0;
const newName = (): string => `bench-${names++}`;

function sealed(url: string, embedder: Embedder, tenant: Tenant, ledgerFile: string): Contestant {
  const store = qdrantStore({ url, collection: newName() });
  const retriever = createRetriever({ store, embedder, ledger: localLedger(ledgerFile) });
  const access = { label: 'internal', acl: ['all'] } as const;
  return {
    add: (given) =>
      retriever.ingest(
        tenant,
        given.map((text, index) => ({ id: `note-${index}`, text, ...access })),
      ),
    ask: async (question) => (await retriever.search(tenant, question, { limit: FOUND })).chunks.length,
  };
}

function newQdrant(url: string, embedder: Embedder): QdrantVectorStore {
  const client = new QdrantClient({ url, checkCompatibility: false });
  const collectionConfig = { vectors: { size: DIMENSIONS, distance: 'Cosine' } } as const;
  return new QdrantVectorStore(asEmbeddings(embedder), { client, collectionName: newName(), collectionConfig });
}

function langchain(store: VectorStore): Contestant {
  return {
    add: (given) =>
      store.addDocuments(given.map((pageContent) => new Document({ pageContent, metadata: { tenant: 'bench' } }))),
    ask: async (question) => (await store.similaritySearch(question, FOUND)).length,
  };
}

async function bareClient(url: string, embedder: Embedder): Promise<Contestant> {
  const client = new QdrantClient({ url, checkCompatibility: false });
  const collection = newName();
  await client.createCollection(collection, { vectors: { size: DIMENSIONS, distance: 'Cosine' } });
  const uuid = (index: number): string => `00000000-0000-0000-0000-${String(index).padStart(12, '0')}`;
  return {
    async add(given) {
      for (let start = 0; start < given.length; start += 256) {
        const part = given.slice(start, start + 256);
        const vectors = await embedder.embed(part);
        const points = part.map((text, index) => {
          return {
            id: uuid(start + index),
            vector: Array.from(vectors[index] ?? []),
            payload: { text, tenant: 'bench' },
          };
        });
        await client.upsert(collection, { wait: true, points });
      }
    },
    async ask(question) {
      const [query] = await embedder.embed([question]);
      const filter = { must: [{ key: 'tenant', match: { value: 'bench' } }] };
      const wanted = { query: Array.from(query ?? []), filter, limit: FOUND, with_payload: true };
      return (await client.query(collection, wanted)).points.length;
    },
  };
}
