import type { PrincipalClaims } from '@cloister/core';
import { createTenancy, localBroker } from '@cloister/tenancy';
import { assertPrincipal } from '@cloister/tenancy/unsafe';
import { createRetriever, hashingEmbedder } from '../src/index.ts';
import { sqliteStore } from '../src/sqlite/index.ts';

/**
 * A process to be killed: rotates the keys of the collection in `argv[2]` once, then seals its records anew, small
 * batches at a time, and says after each that it is still alive.
 */
const [folder = '', keyHex = '', claims = ''] = process.argv.slice(2);
const broker = localBroker(`${folder}/keys`, { key: Uint8Array.from(Buffer.from(keyHex, 'hex')) });
const tenancy = createTenancy({ broker });
const tenant = await tenancy.tenant(assertPrincipal(JSON.parse(claims) as PrincipalClaims));
const store = sqliteStore(`${folder}/rag.db`);
const inSteps = {
  ...store,
  async *scan(query: Parameters<typeof store.scan>[0]) {
    for await (const batch of store.scan(query)) {
      for (let start = 0; start < batch.length; start += 4) yield batch.slice(start, start + 4);
    }
  },
};
await tenancy.rotate(tenant);
const retriever = createRetriever({ store: inSteps, ledger: broker.ledger, embedder: hashingEmbedder() });
process.stdout.write('ready\n');
await retriever.rotate(tenant, { onProgress: () => void process.stdout.write('.') });
process.stdout.write('done\n');
