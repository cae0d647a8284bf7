import type { RuntimeTenant } from '@cloister/runtime';
import { hospitals, question } from './notes.ts';
import { createPlainChain } from './plain-chain.ts';
import type { World } from './world.ts';

/** What protection costs: medians of the same question asked both ways in turn. */
export interface Overhead {
  readonly plainMs: number;
  readonly confidentialMs: number;
  readonly percent: number;
}

/** Questions per chain after one that warms up. */
const ROUNDS = 5;

/** Asks both chains in turn and compares. */
export async function comparePlain(world: World, tenant: RuntimeTenant): Promise<Overhead> {
  const { engineUrl: url, model, embedder } = world;
  const plain = await createPlainChain({ url, model, embedder, documents: hospitals[0]?.notes ?? [] });
  const session = await tenant.session();
  const milliseconds = { plain: [] as number[], confidential: [] as number[] };
  for (let round = 0; round <= ROUNDS; round++) {
    const plainMs = await timed(() => plain.ask(question));
    const confidentialMs = await timed(() => tenant.ask(question, { session }).result());
    if (round === 0) continue;
    milliseconds.plain.push(plainMs);
    milliseconds.confidential.push(confidentialMs);
  }
  await session.end();
  const [plainMs, confidentialMs] = [median(milliseconds.plain), median(milliseconds.confidential)];
  return {
    plainMs: rounded(plainMs),
    confidentialMs: rounded(confidentialMs),
    percent: Math.round((confidentialMs / plainMs - 1) * 100),
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
