import { systemRandom } from '@cloister/core';
import type { StoredPoint } from '@cloister/core';
import sodium from 'libsodium-wrappers';
import { Arena } from '../packages/retriever/src/arena/arena.ts';
import { takePoint } from '../packages/retriever/src/arena/load-arena.ts';
import { rankArena } from '../packages/retriever/src/arena/rank-arena.ts';
import { createTally } from '../packages/retriever/src/arena/tally.ts';
import { openHead, openVector } from '../packages/retriever/src/record/open-record.ts';
import type { CollectionKeys } from '../packages/retriever/src/record/record-keys.ts';
import { encodeVector, sealRecord } from '../packages/retriever/src/record/seal-record.ts';
import { RECORD_DRAFT } from './record-draft.ts';
import type { Row } from './report.ts';
import { createSamples } from './samples.ts';

// What the mode `prefix` does with 100 candidates of 384 components that a store has answered with. Known ones were looked at by
// an earlier question: they are compared with what was opened then. New ones are checked and opened, head and vector.

const CANDIDATES = 100;
const DIMENSIONS = 384;
const ROUNDS = 15;
/** CPU time is counted in steps of milliseconds, so a round is many turns. */
const TURNS = 50;
const PLACES = Uint32Array.from(Array(CANDIDATES).keys());
const [KEY, NONCE] = [systemRandom(32), systemRandom(24)];

const createArena = (): Arena => new Arena(DIMENSIONS, 2 ** 30);

/** The rows of `bench retrieval` about candidates. */
export function measureRerank(keys: CollectionKeys): Row[] {
  const values = Float32Array.from({ length: DIMENSIONS }, () => (Math.random() - 0.5) / 5.6);
  const points = Array.from(PLACES, (place) => sealPoint(keys, `d${place}`, values));
  const bare = points.map(() =>
    sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(encodeVector(values), null, null, NONCE, KEY),
  );
  const known = createArena();
  const heads = points.map((point) => openHead(keys, point, false));
  const works: Readonly<Record<string, () => void>> = {
    known: () => rerank(known, keys, points, values),
    new: () => rerank(createArena(), keys, points, values),
    vectors() {
      const arena = createArena();
      for (const [index, point] of points.entries()) {
        const opened = heads[index];
        if (opened === undefined || typeof opened === 'string') throw new Error('a record does not open');
        const vector = openVector(keys, point, opened.head);
        if (typeof vector !== 'string') arena.put(point.id, point.document, opened, vector);
      }
      rankArena(arena, values, 10, PLACES);
    },
    bare() {
      for (const sealed of bare) sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed, null, NONCE, KEY);
    },
  };
  const samples = createSamples();
  for (let round = -2; round < ROUNDS; round++) {
    if (round === 0) samples.clear();
    for (const [name, work] of Object.entries(works)) {
      samples.thread(name, () => {
        for (let turn = 0; turn < TURNS; turn++) work();
      });
    }
  }
  const row = (work: string, what: string): Row => {
    const [value, baseline] = [samples.median(work) / TURNS, samples.median('bare') / TURNS];
    const name = `prefix: re-rank of ${CANDIDATES} candidates of ${DIMENSIONS} components, ${what} (baseline: the AEAD calls for their vectors alone)`;
    return { name, value, unit: 'CPU ms', baseline, ratio: value / baseline };
  };
  return [
    row('known', 'all known from earlier questions'),
    row('new', 'all new: heads checked, vectors opened'),
    row('vectors', 'all new, without the check of their heads'),
  ];
}

function sealPoint(keys: CollectionKeys, document: string, values: Float32Array): StoredPoint {
  const { point } = sealRecord(keys, { ...RECORD_DRAFT, document, text: 'A text.', values }, systemRandom);
  return { ...point, payload: new Uint8Array(0) };
}

/** What a search does between the store's answer and the judgement of who may see what. */
function rerank(arena: Arena, keys: CollectionKeys, points: readonly StoredPoint[], query: Float32Array): void {
  const [tally, seen] = [createTally(), new Set<string>()];
  const context = { keys, tally, ledger: undefined, embedder: RECORD_DRAFT.embedder };
  for (const point of points) takePoint(arena, point, seen, context, () => true);
  rankArena(arena, query, 10, PLACES);
  if (seen.size < CANDIDATES || tally.refused.size > 0) throw new Error('a candidate was refused');
}
