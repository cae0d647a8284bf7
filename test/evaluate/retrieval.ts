import { join } from 'node:path';
import { createRetriever, fitCells, fitPrefixBasis } from '@cloister/retriever';
import type { Retriever } from '@cloister/retriever';
import { onnxEmbedder } from '@cloister/retriever/onnx';
import { qdrantStore } from '@cloister/retriever/qdrant';
import { sqliteStore } from '@cloister/retriever/sqlite';
import { localLedger } from '@cloister/tenancy';
import { startQdrantStandIn } from '@cloister/simulator/qdrant';
import { printReport, tellProgress, type Row } from '../../benchmarks/report.ts';
import { createClearSearch } from './retrieval/clear-search.ts';
import { documentsOf, loadCranfield, ndcgAt10, remember } from './retrieval/cranfield.ts';
import { measureRecall } from './retrieval/measure-recall.ts';
import { asDocuments, createSealedWorld } from './retrieval/sealed-world.ts';

// How well each way to search finds, on Cranfield with the real embedder: against relevance judgements, against the same
// search in clear, and the modes against exact search.

const tell = (what: string): void => tellProgress('retrieval', what);
const collection = loadCranfield();
const model = onnxEmbedder();
const embedder = { ...model, ...remember(model) };
await using world = createSealedWorld();
const server = await startQdrantStandIn();
const tenant = await world.enter('one');
const documents = asDocuments(collection);
const newStore = (name: string) => sqliteStore(join(world.directory, `${name}.db`));

async function fill(name: string, retriever: Retriever): Promise<void> {
  let told = 0;
  await retriever.ingest(tenant, documents, {
    onProgress({ documents: done, totalDocuments }) {
      if (done < told + 200 && done < totalDocuments) return;
      tell(`${name}: ${done} of ${totalDocuments} documents stored`);
      told = done;
    },
  });
}

const sealed = createRetriever({ store: newStore('dense'), embedder });
// The first to be filled pays for the vectors.
await fill('sealed', sealed);
const clear = await createClearSearch(collection, embedder, await model.tokenizer());

/** Of 64 cells, a question opens so many. */
const PROBES = [4, 8, 16, 32] as const;
const cellBasis = fitCells(clear.vectors, { cells: 64 });
const [cellStore, ledger] = [newStore('cells'), localLedger(':memory:')];
const cells = PROBES.map((cellProbes) => {
  const retriever = createRetriever({ store: cellStore, embedder, mode: 'cells', cellBasis, cellProbes, ledger });
  return [`cells (64, ${cellProbes} opened)`, retriever] as const;
});
const prefix = createRetriever({
  store: qdrantStore({ url: server.url, prefixes: true }),
  embedder,
  mode: 'prefix',
  prefixBasis: fitPrefixBasis(clear.vectors),
});
const hybrid = createRetriever({ store: newStore('hybrid'), embedder, ranking: 'hybrid' });
const exactAmong = { sealed, prefix, ...Object.fromEntries(cells) };
const retrievers = { ...exactAmong, 'sealed hybrid': hybrid };
for (const [name, retriever] of Object.entries(retrievers)) if (retriever !== sealed) await fill(name, retriever);

type Found = readonly { readonly document: string }[];
const searches: Record<string, (question: string) => Promise<Found>> = {
  'clear dense': (question) => clear.dense(question),
  'clear hybrid': (question) => clear.hybrid(question),
};
for (const [name, retriever] of Object.entries(retrievers)) {
  searches[name] = async (question) => (await retriever.search(tenant, question, { limit: 50 })).chunks;
}

const rows: Row[] = [];
const { questions } = collection;
for (const [name, search] of Object.entries(searches)) {
  tell(`${name}: nDCG@10`);
  let sum = 0;
  for (const { text, relevant } of questions) sum += ndcgAt10(documentsOf(await search(text)), relevant);
  rows.push({ name: `${name}: nDCG@10`, value: sum / questions.length, unit: '' });
}
for (const [name, retriever] of Object.entries(exactAmong)) {
  tell(`${name}: R@10`);
  const { recall, opened } = await measureRecall(clear, questions, (question) =>
    retriever.search(tenant, question, { limit: 10 }),
  );
  rows.push({ name: `${name}: R@10 against exact search in clear`, value: recall, unit: '' });
  rows.push({ name: `${name}: share of the records that a question opens`, value: opened, unit: '' });
}
printReport('retrieval', rows);
await server.close();
await cellStore.close();
await ledger.close();
await model.dispose();
