import { createInterface } from 'node:readline/promises';
import { createEd25519Signer } from '@cloister/audit';
import type { KeyBroker, Tenant } from '@cloister/core';
import { createRetriever, hashingEmbedder } from '@cloister/retriever';
import { sqliteStore } from '@cloister/retriever/sqlite';
import { createTenancy, localBroker, type Tenancy } from '@cloister/tenancy';
import { assertPrincipal } from '@cloister/tenancy/unsafe';
import { runInNewContext } from 'node:vm';
import { setFlagsFromString } from 'node:v8';

// Works for one tenant and shreds it, stopping at each step so that the parent can look into this process's memory. Keys and
// texts cross the pipe masked: here they are only where the work itself puts them.
const MASK = 0xa5;
const directory = process.argv[2] ?? '';
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

async function hear(): Promise<string> {
  const { value } = await lines.next();
  return String(value);
}

function tell(word: string, bytes: Uint8Array = new Uint8Array(0)): void {
  const masked = Array.from(bytes, (byte) => (byte ^ MASK).toString(16).padStart(2, '0')).join('');
  process.stdout.write(`${word} ${masked}\n`);
}

async function hearText(): Promise<string> {
  const masked = await hear();
  return masked.replaceAll(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16) ^ MASK));
}

/** A broker that tells the parent every key that it opens. */
function openBroker(): KeyBroker {
  const broker = localBroker(`${directory}/keys`, { passphrase: 'correct horse battery staple' });
  return {
    ...broker,
    async unwrap(wrapped, context) {
      const key = await broker.unwrap(wrapped, context);
      tell('key', key);
      return key;
    },
  };
}

async function work(tenancy: Tenancy, text: string): Promise<Tenant> {
  const tenant = await tenancy.tenant(
    assertPrincipal({
      issuer: 'keys',
      tenant: 'st-mary',
      subject: 'dr-jones',
      groups: ['cardiology'],
      clearance: 'restricted',
      compartments: [],
      purpose: 'treatment',
    }),
  );
  const store = sqliteStore(`${directory}/notes.db`);
  const retriever = createRetriever({ store, embedder: hashingEmbedder(), collection: 'notes', ledger: undefined });
  await retriever.ingest(tenant, [{ id: 'note', text, label: 'restricted', acl: ['cardiology'] }]);
  const { chunks } = await retriever.search(tenant, text, { limit: 1 });
  if (chunks.length !== 1) throw new Error('the note was not found');
  await store.close();
  return tenant;
}

const tenancy = createTenancy({ broker: openBroker() });
const tenant = await work(tenancy, `The patient remarked ${await hearText()}.`);
tell('worked');
await hear();
await tenancy.shred(tenant, { signer: await createEd25519Signer() });
await tenancy.close();
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
for (let round = 0; round < 5; round++) collect();
tell('shredded');
await hear();
process.exit(0);
