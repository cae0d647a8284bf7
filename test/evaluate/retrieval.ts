import { join } from 'node:path';
import { createRetriever, fitPrefixBasis } from '@cloister/retriever';
import type { RetrievedChunk, Retriever } from '@cloister/retriever';
import { onnxEmbedder } from '@cloister/retriever/onnx';
import { qdrantStore } from '@cloister/retriever/qdrant';
import { sqliteStore } from '@cloister/retriever/sqlite';
import { startQdrantStandIn } from '@cloister/simulator/qdrant';
import { printReport, type Row } from '../../benchmarks/report.ts';
import { createClearSearch } from './retrieval/clear-search.ts';
import { documentsOf, loadCranfield, ndcgAt10, remember } from './retrieval/cranfield.ts';
import { asDocuments, createSealedWorld } from './retrieval/sealed-world.ts';

// How well each way to search finds, on Cranfield with the real embedder: against relevance judgements, against the same
// search in clear, and the modes against exact search.

const collection = loadCranfield();
const model = onnxEmbedder();
const embedder = { ...model, ...remember(model) };
await using world = createSealedWorld();
const server = await startQdrantStandIn();
const clear = await createClearSearch(collection, embedder, await model.tokenizer());
const tenant = await world.enter('one');
const sample = await embedder.embed(collection.documents.map(({ text }) => text));

const retrievers: Readonly<Record<string, Retriever>> = {
  sealed: createRetriever({ store: sqliteStore(join(world.directory, 'dense.db')), embedder }),
  'sealed hybrid': createRetriever({
    store: sqliteStore(join(world.directory, 'hybrid.db')),
    embedder,
    ranking: 'hybrid',
  }),
  prefix: createRetriever({
    store: qdrantStore({ url: server.url, prefixes: true }),
    embedder,
    mode: 'prefix',
    prefixBasis: fitPrefixBasis(sample),
  }),
};

type Found = readonly { readonly document: string }[];

const searches: Record<string, (question: string) => Promise<Found>> = {
  'clear dense': (question) => clear.dense(question),
  'clear hybrid': (question) => clear.hybrid(question),
};
for (const [name, retriever] of Object.entries(retrievers)) {
  await retriever.ingest(tenant, asDocuments(collection));
  searches[name] = async (question) => (await retriever.search(tenant, question, { limit: 50 })).chunks;
}

const nearest = async (name: string, question: string): Promise<ReadonlySet<string>> => {
  const { chunks } = (await retrievers[name]?.search(tenant, question, { limit: 10 })) ?? { chunks: [] };
  return new Set(chunks.map(({ document, chunk }: RetrievedChunk) => `${document} ${chunk}`));
};

const rows: Row[] = [];
const { questions } = collection;
for (const [name, search] of Object.entries(searches)) {
  let sum = 0;
  for (const { text, relevant } of questions) sum += ndcgAt10(documentsOf(await search(text)), relevant);
  rows.push({ name: `${name}: nDCG@10`, value: sum / questions.length, unit: '' });
}
let overlap = 0;
for (const { text } of questions) {
  const exact = await nearest('sealed', text);
  for (const found of await nearest('prefix', text)) if (exact.has(found)) overlap++;
}
rows.push({ name: 'prefix (64 components, 100 candidates): R@10', value: overlap / 10 / questions.length, unit: '' });
printReport('retrieval', rows);
await server.close();
await model.dispose();
