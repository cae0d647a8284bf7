import { systemRandom } from '@cloister/core';
import { rankArena } from '../packages/retriever/src/arena/rank-arena.ts';
import { Arena } from '../packages/retriever/src/arena/arena.ts';
import { openHead, openVector } from '../packages/retriever/src/record/open-record.ts';
import type { CollectionKeys } from '../packages/retriever/src/record/record-keys.ts';
import { sealRecord } from '../packages/retriever/src/record/seal-record.ts';
import { RECORD_DRAFT } from './record-draft.ts';
import type { Row } from './report.ts';
import { createSamples } from './samples.ts';

// What the mode `prefix` does with 100 candidates of 384 components: opening their vectors and ranking them exactly, and
// checking their heads besides.

const CANDIDATES = 100;
const ROUNDS = 300;

/** The rows of `bench retrieval` about candidates. */
export function measureRerank(keys: CollectionKeys): Row[] {
  const values = Float32Array.from({ length: 384 }, () => (Math.random() - 0.5) / 5.6);
  const records = Array.from({ length: CANDIDATES }, (_, index) =>
    sealRecord(keys, { ...RECORD_DRAFT, document: `d${index}`, text: 'A text.', values }, systemRandom),
  );
  const samples = createSamples();
  const visible = new Uint8Array(CANDIDATES).fill(1);
  for (let round = -100; round < ROUNDS; round++) {
    if (round === 0) samples.clear();
    const start = performance.now();
    const heads = records.map(({ point }) => openHead(keys, point));
    const checked = performance.now();
    const arena = new Arena(384, 4 * 384 * CANDIDATES);
    for (const [index, { point }] of records.entries()) {
      const opened = heads[index];
      if (opened === undefined || typeof opened === 'string') throw new Error('a record does not open');
      const vector = openVector(keys, point, opened.head);
      if (typeof vector !== 'string') arena.put(point.id, point.document, opened, vector);
    }
    rankArena(arena, values, 10, visible);
    samples.add('heads', checked - start);
    samples.add('vectors', performance.now() - checked);
  }
  const name = `prefix: ${CANDIDATES} candidates of 384 components`;
  return [
    { name: `${name}: open vectors and rank exactly`, value: samples.median('vectors'), unit: 'ms' },
    { name: `${name}: check heads`, value: samples.median('heads'), unit: 'ms' },
  ];
}
