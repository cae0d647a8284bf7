import type { PrincipalClaims } from '@cloister/core';
import { createTenancy, localBroker } from '@cloister/tenancy';
import { assertPrincipal } from '@cloister/tenancy/unsafe';
import { createRetriever, hashingEmbedder } from '../src/index.ts';
import { sqliteStore } from '../src/sqlite/index.ts';

/**
 * A process to be killed: writes documents over and over, each time in another revision and length, and says after each
 * call which revision is acknowledged.
 */
const [folder = '', keyHex = '', claims = '', first = '0'] = process.argv.slice(2);
const broker = localBroker(`${folder}/keys`, { key: Uint8Array.from(Buffer.from(keyHex, 'hex')) });
const tenant = await createTenancy({ broker }).tenant(assertPrincipal(JSON.parse(claims) as PrincipalClaims));
const store = sqliteStore(`${folder}/rag.db`);
const retriever = createRetriever({ store, ledger: broker.ledger, embedder: hashingEmbedder() });

for (let revision = Number(first); ; revision++) {
  const documents = ['a', 'b', 'c', 'd'].map((id, place) => ({
    id,
    text: `${id} in revision ${revision}. `.repeat(1 + ((revision * 31 + place * 17) % 90)),
    label: 'internal' as const,
    acl: ['cardiology'],
  }));
  await retriever.ingest(tenant, documents);
  process.stdout.write(`${revision}\n`);
}
