import { join } from 'node:path';
import { createRetriever, fitCells, fitPrefixBasis } from '@cloister/retriever';
import type { RetrievedChunk, Retriever } from '@cloister/retriever';
import { onnxEmbedder } from '@cloister/retriever/onnx';
import { qdrantStore } from '@cloister/retriever/qdrant';
import { sqliteStore } from '@cloister/retriever/sqlite';
import { localLedger } from '@cloister/tenancy';
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

/** Of 64 cells, a question opens so many. */
const PROBES = [4, 8, 16, 32] as const;
const cellBasis = fitCells(sample, { cells: 64 });
const ledger = localLedger(':memory:');
const inCells = (cellProbes: number): Retriever =>
  createRetriever({ store: cellStore, embedder, mode: 'cells', cellBasis, cellProbes, ledger });

const cellStore = sqliteStore(join(world.directory, 'cells.db'));
const cells = Object.fromEntries(PROBES.map((probes) => [`cells (64, ${probes} opened)`, inCells(probes)]));
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
  ...cells,
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

interface Near {
  readonly chunks: ReadonlySet<string>;
  /** Opened records that were compared, or could have been. */
  readonly scanned: number;
}

const nearest = async (name: string, question: string): Promise<Near> => {
  const found = await retrievers[name]?.search(tenant, question, { limit: 10 });
  const chunks = (found?.chunks ?? []).map(({ document, chunk }: RetrievedChunk) => `${document} ${chunk}`);
  return { chunks: new Set(chunks), scanned: found?.report.scanned ?? 0 };
};

const rows: Row[] = [];
const { questions } = collection;
for (const [name, search] of Object.entries(searches)) {
  let sum = 0;
  for (const { text, relevant } of questions) sum += ndcgAt10(documentsOf(await search(text)), relevant);
  rows.push({ name: `${name}: nDCG@10`, value: sum / questions.length, unit: '' });
}
for (const name of ['prefix', ...Object.keys(cells)]) {
  let overlap = 0;
  for (const { text } of questions) {
    const exact = (await nearest('sealed', text)).chunks;
    for (const found of (await nearest(name, text)).chunks) if (exact.has(found)) overlap++;
  }
  rows.push({ name: `${name}: R@10`, value: overlap / 10 / questions.length, unit: '' });
}
for (const [name, probes] of Object.keys(cells).map((name, index) => [name, PROBES[index] as number] as const)) {
  let opened = 0;
  let all = 0;
  for (const { text } of questions) {
    // A retriever that has opened nothing yet: what one question alone opens.
    const cold = inCells(probes);
    opened += (await cold.search(tenant, text)).report.scanned;
    all += (await nearest('sealed', text)).scanned;
    await cold.close();
  }
  rows.push({ name: `${name}: share of the records that a question opens`, value: opened / all, unit: '' });
}
printReport('retrieval', rows);
await server.close();
await cellStore.close();
await ledger.close();
await model.dispose();
