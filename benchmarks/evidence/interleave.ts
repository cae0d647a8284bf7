import { createSamples } from '../samples.ts';

/** Median milliseconds of each piece of work by name; they take turns, so that a busy machine slows all of them alike. */
export async function interleave(
  works: Readonly<Record<string, () => unknown>>,
  { warmUp, rounds }: { readonly warmUp: number; readonly rounds: number },
): Promise<(name: string) => number> {
  const samples = createSamples();
  for (let round = 0; round < warmUp + rounds; round++) {
    for (const [name, work] of Object.entries(works)) {
      const start = performance.now();
      await work();
      if (round >= warmUp) samples.add(name, performance.now() - start);
    }
  }
  return (name) => samples.median(name);
}
