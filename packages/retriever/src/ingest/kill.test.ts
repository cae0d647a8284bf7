import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { systemRandom, toHex } from '@cloister/core';
import { createTenancy, localBroker } from '@cloister/tenancy';
import { describe, expect, it } from 'vitest';
import { newFile, principal } from '../../test/world.ts';
import { createRetriever, hashingEmbedder } from '../index.ts';
import { sqliteStore } from '../sqlite/index.ts';

const KILLS = Number(process.env['CLOISTER_KILLS'] ?? 5);
const program = fileURLToPath(new URL('../../test/ingest-main.ts', import.meta.url));

/** Runs the writer until it has acknowledged something, kills it a random moment later; the last revision it named. */
async function killWriter(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  await once(child.stdout, 'data');
  await new Promise((resolve) => setTimeout(resolve, (systemRandom(1)[0] as number) / 4));
  child.kill('SIGKILL');
  await exit;
  return Number(output.trimEnd().split('\n').at(-1));
}

describe(`an ingestion in a process that is killed ${KILLS} times`, () => {
  it(
    'keeps every acknowledged document, and none by half',
    async () => {
      const [folder, key] = [newFile(), systemRandom(32)];
      let first = 0;
      for (let kill = 0; kill < KILLS; kill++) {
        const acknowledged = await killWriter([folder, toHex(key), JSON.stringify(principal()), String(first)]);
        const broker = localBroker(`${folder}/keys`, { key });
        const tenancy = createTenancy({ broker });
        const store = sqliteStore(`${folder}/rag.db`);
        const retriever = createRetriever({ store, ledger: broker.ledger, embedder: hashingEmbedder() });
        const tenant = await tenancy.tenant(principal());
        const { chunks } = await retriever.search(tenant, 'revision', { limit: 500 });
        const documents = Map.groupBy(chunks, ({ document }) => document);
        expect(new Set(documents.keys())).toEqual(new Set(['a', 'b', 'c', 'd']));
        for (const [id, parts] of documents) {
          const text = parts
            .toSorted((left, right) => left.chunk - right.chunk)
            .map((part) => part.text)
            .join('');
          const revision = Number(/revision (\d+)/.exec(text)?.[1]);
          expect([acknowledged, acknowledged + 1]).toContain(revision);
          const place = 'abcd'.indexOf(id);
          expect(text).toBe(`${id} in revision ${revision}. `.repeat(1 + ((revision * 31 + place * 17) % 90)));
          first = Math.max(first, revision + 1);
        }
        await tenancy.close();
        await broker.close();
        await store.close();
      }
    },
    60_000 + KILLS * 15_000,
  );
});
