import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom } from '@cloister/core';
import { createTenancy, localBroker } from '@cloister/tenancy';
import { assertPrincipal } from '@cloister/tenancy/unsafe';
import sodium from 'libsodium-wrappers';
import { Bench } from 'tinybench';
import { deriveCollectionKeys } from '../packages/retriever/src/record/record-keys.ts';
import type { CollectionKeys } from '../packages/retriever/src/record/record-keys.ts';
import { groupTags, pointId } from '../packages/retriever/src/record/record-names.ts';
import { sealEnvelope } from '../packages/retriever/src/record/envelope.ts';
import { encodeVector } from '../packages/retriever/src/record/seal-record.ts';
import type { Row } from './report.ts';
import { measureRerank } from './rerank.ts';

// What sealing costs: one vector with its blind tags, its id and its additional data against one AEAD call of libsodium
// over as many bytes, with a nonce from the same generator. The library has no faster way to the same bytes.

const DIMENSIONS = [384, 768, 1024] as const;
const GROUPS = ['cardiology', 'nursing'];

/** The rows of `bench retrieval` about records. */
export async function measureRecords(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cloister-records-'));
  const tenancy = createTenancy({ broker: localBroker(folder, { key: systemRandom(32) }) });
  const claims = { issuer: 'bench', tenant: 'bench', subject: 'bench', purpose: 'bench' };
  const rights = { groups: GROUPS, clearance: 'restricted', compartments: [] } as const;
  try {
    const keys = await deriveCollectionKeys(await tenancy.tenant(assertPrincipal({ ...claims, ...rights })), 'notes');
    // The first round meets code that is not compiled yet; its figures do not count.
    await measureVector(keys, DIMENSIONS[0]);
    const rows: Row[] = [];
    for (const dimensions of DIMENSIONS) rows.push(await measureVector(keys, dimensions));
    return [...rows, ...measureRerank(keys)];
  } finally {
    await tenancy.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureVector(keys: CollectionKeys, dimensions: number): Promise<Row> {
  const values = Float32Array.from({ length: dimensions }, (_, index) => Math.sin(index));
  const plaintext = encodeVector(values);
  const key = systemRandom(32);
  let chunk = 0;
  const bench = new Bench({ time: 400, warmupTime: 200 })
    .add('one AEAD call', () => {
      sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, null, null, systemRandom(24), key);
    })
    .add('sealed', () => {
      const point = pointId(keys, 'note-17', chunk++ % 1000);
      groupTags(keys, GROUPS);
      sealEnvelope(keys, { point, field: 'vector', version: 1_800_000_000_000 }, encodeVector(values), systemRandom);
    });
  await bench.run();
  const median = (name: string): number => {
    const result = bench.getTask(name)?.result;
    if (result?.state !== 'completed') throw new Error(`${name} did not complete`);
    return result.latency.p50 * 1000;
  };
  const [value, baseline] = [median('sealed'), median('one AEAD call')];
  return {
    name: `seal one vector with tags and AAD, ${dimensions}`,
    value,
    unit: 'us',
    baseline,
    ratio: value / baseline,
  };
}
