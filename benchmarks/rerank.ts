import { systemRandom } from '@cloister/core';
import sodium from 'libsodium-wrappers';
import { rankArena } from '../packages/retriever/src/arena/rank-arena.ts';
import { Arena } from '../packages/retriever/src/arena/arena.ts';
import { openHead, openVector } from '../packages/retriever/src/record/open-record.ts';
import type { CollectionKeys } from '../packages/retriever/src/record/record-keys.ts';
import { encodeVector, sealRecord } from '../packages/retriever/src/record/seal-record.ts';
import { RECORD_DRAFT } from './record-draft.ts';
import type { Row } from './report.ts';
import { createSamples } from './samples.ts';

// What the mode `prefix` does with 100 candidates of 384 components: opening their vectors and ranking them exactly, and
// checking their heads besides.

const CANDIDATES = 100;
const ROUNDS = 15;
/** CPU time is counted in steps of milliseconds, so a round is many turns. */
const TURNS = 50;
const [KEY, NONCE] = [systemRandom(32), systemRandom(24)];

/** The rows of `bench retrieval` about candidates. */
export function measureRerank(keys: CollectionKeys): Row[] {
  const values = Float32Array.from({ length: 384 }, () => (Math.random() - 0.5) / 5.6);
  const records = Array.from({ length: CANDIDATES }, (_, index) =>
    sealRecord(keys, { ...RECORD_DRAFT, document: `d${index}`, text: 'A text.', values }, systemRandom),
  );
  const samples = createSamples();
  const visible = new Uint8Array(CANDIDATES).fill(1);
  const bare = records.map(() =>
    sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(encodeVector(values), null, null, NONCE, KEY),
  );
  const heads = records.map(({ point }) => openHead(keys, point));
  const works: Readonly<Record<string, () => void>> = {
    heads: () => records.forEach(({ point }) => openHead(keys, point)),
    vectors() {
      const arena = new Arena(384, 4 * 384 * CANDIDATES);
      for (const [index, { point }] of records.entries()) {
        const opened = heads[index];
        if (opened === undefined || typeof opened === 'string') throw new Error('a record does not open');
        const vector = openVector(keys, point, opened.head);
        if (typeof vector !== 'string') arena.put(point.id, point.document, opened, vector);
      }
      rankArena(arena, values, 10, visible);
    },
    bare() {
      for (const sealed of bare) sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed, null, NONCE, KEY);
    },
  };
  for (let round = -2; round < ROUNDS; round++) {
    if (round === 0) samples.clear();
    for (const [name, work] of Object.entries(works)) {
      samples.thread(name, () => {
        for (let turn = 0; turn < TURNS; turn++) work();
      });
    }
  }
  const each = (name: string): number => samples.median(name) / TURNS;
  const name = `prefix: ${CANDIDATES} candidates of 384 components`;
  const [value, baseline] = [each('vectors'), each('bare')];
  const opening = `${name}: open vectors and rank exactly (baseline: the AEAD calls alone)`;
  return [
    { name: opening, value, unit: 'CPU ms', baseline, ratio: value / baseline },
    { name: `${name}: check heads`, value: each('heads'), unit: 'CPU ms' },
  ];
}
