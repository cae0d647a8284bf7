import { Arena } from '../packages/retriever/src/arena/arena.ts';
import { rankArena } from '../packages/retriever/src/arena/rank-arena.ts';
import { judgeRows } from '../packages/retriever/src/search/judge-rows.ts';
import type { Row } from './report.ts';
import { createSamples } from './samples.ts';

// The exact search of the mode `sealed`: what ranks the opened vectors, with the check of every row's access, against a
// plain loop over the same array that scores every row and looks for the best alone.

const ROWS = 100_000;
const DIMENSIONS = 384;
const ROUNDS = 15;
const NEAREST = 10;
const RIGHTS = { groups: ['all'], clearance: 'restricted', compartments: [] } as const;
const READER = {
  claims: { issuer: 'bench', tenant: 'bench', subject: 'bench', purpose: 'bench', ...RIGHTS },
  now: 0,
  among: undefined,
  within: undefined,
};

/** The rows of `bench retrieval` about scanning. */
export function measureScan(): Row[] {
  const arena = createArena();
  const samples = createSamples();
  let found = 0;
  for (let round = -3; round < ROUNDS; round++) {
    if (round === 0) samples.clear();
    const query = randomUnit();
    const exact = samples.thread('plain', () => scanPlainly(arena.vectors, query));
    const ranked = samples.thread('kernel', () => rankArena(arena, query, NEAREST, judgeRows(arena, READER).visible));
    if (round >= 0) found += overlap(arena, ranked, exact);
  }
  const [value, baseline] = [samples.median('kernel'), samples.median('plain')];
  const name = `scan of ${ROWS} x ${DIMENSIONS}: the ${NEAREST} nearest that may be seen (baseline: plain f32 loop)`;
  return [
    { name, value, unit: 'CPU ms', baseline, ratio: value / baseline },
    { name: `sealed: R@${NEAREST} of that scan against exact search`, value: found / ROUNDS / NEAREST, unit: '' },
  ];
}

function createArena(): Arena {
  const arena = new Arena(DIMENSIONS, 4 * DIMENSIONS * ROWS * 2);
  const head = { version: 1, label: 'internal', acl: ['all'], compartments: [], retention: null };
  const opened = { digest: '', head } as unknown as Parameters<Arena['put']>[2];
  for (let row = 0; row < ROWS; row++) {
    arena.put(String(row), `document ${row}`, opened, new Uint8Array(randomUnit().buffer));
  }
  return arena;
}

function randomUnit(): Float32Array<ArrayBuffer> {
  const vector = Float32Array.from({ length: DIMENSIONS }, () => Math.random() - 0.5);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** Scores of all rows, by one sum each. */
function scanPlainly(vectors: Float32Array, query: Float32Array): Float64Array {
  const scores = new Float64Array(ROWS);
  for (let row = 0; row < ROWS; row++) {
    const start = row * DIMENSIONS;
    let sum = 0;
    for (let index = 0; index < DIMENSIONS; index++) {
      sum += (vectors[start + index] as number) * (query[index] as number);
    }
    scores[row] = sum;
  }
  return scores;
}

function overlap(arena: Arena, best: ReturnType<typeof rankArena>, scores: Float64Array): number {
  const floor = scores.toSorted().at(-NEAREST) ?? 1;
  const places = new Map(arena.rows.map(({ id }, place) => [id, place]));
  return best.filter(({ row }) => (scores[places.get(row.id) ?? 0] as number) >= floor - 1e-12).length;
}
