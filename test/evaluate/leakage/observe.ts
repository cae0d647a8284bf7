import type { Embedder, StoredPoint, Tenant } from '@cloister/core';
import { createRetriever, fitCells, fitPrefixBasis } from '@cloister/retriever';
import type { RetrieverOptions, SearchMode } from '@cloister/retriever';
import { localLedger } from '@cloister/tenancy';
import { deriveCollectionKeys } from '../../../packages/retriever/src/record/record-keys.ts';
import { pointId } from '../../../packages/retriever/src/record/record-names.ts';
import { createWatchedStore } from '../../retrieval/watched-store.ts';

/** What an operator has of one tenant's collection. */
export interface Observation {
  /** One record for each text, in the order of the texts. Which is which the operator does not know. */
  readonly points: readonly StoredPoint[];
  /** Share of the questions whose requests are unlike those of every other question: asked again, they are recognised. */
  readonly questionsTold: number;
}

/** What is stored and asked. */
export interface Experiment {
  readonly texts: readonly string[];
  readonly questions: readonly string[];
  readonly embedder: Embedder;
}

/** Lets a tenant store texts, a record each, and ask questions, and looks at what the store sees of it. */
export async function observe(mode: SearchMode, tenant: Tenant, experiment: Experiment): Promise<Observation> {
  const { texts, questions, embedder } = experiment;
  const store = createWatchedStore();
  const ledger = localLedger(':memory:');
  const basis = await basisOf(mode, experiment);
  const retriever = createRetriever({ store, ledger, embedder, mode, ...basis });
  const name = (index: number): string => `text-${index}`;
  try {
    const documents = texts.map((text, index) => ({ id: name(index), text, label: 'internal', acl: ['all'] }) as const);
    const { chunks } = await retriever.ingest(tenant, documents);
    if (chunks !== texts.length) throw new Error('a text became more than one record');
    const keys = await deriveCollectionKeys(tenant, 'default');
    const points = texts.map((_, index) => store.points.get(pointId(keys, name(index), 0)) as StoredPoint);
    keys.clear();
    await retriever.search(tenant, questions[0] ?? '', { limit: 10 });
    store.takeRequests();
    const asked: string[] = [];
    for (const question of questions) {
      await retriever.search(tenant, question, { limit: 10 });
      asked.push(store.takeRequests().join());
    }
    const told = asked.filter((requests) => asked.filter((other) => other === requests).length === 1);
    return { points, questionsTold: told.length / asked.length };
  } finally {
    await retriever.close();
    await ledger.close();
  }
}

async function basisOf(
  mode: SearchMode,
  { texts, embedder }: Experiment,
): Promise<Pick<RetrieverOptions, 'prefixBasis' | 'cellBasis'>> {
  if (mode === 'prefix') return { prefixBasis: fitPrefixBasis(await embedder.embed(texts)) };
  if (mode === 'cells') {
    // Some forty texts to a cell: with fewer, most would wait for a bucket and tell nothing.
    const cells = Math.max(2, Math.floor(texts.length / 40));
    return { cellBasis: fitCells(await embedder.embed(texts), { cells }) };
  }
  return {};
}
