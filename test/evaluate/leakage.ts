import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chunkText, SEARCH_MODES } from '@cloister/retriever';
import { onnxEmbedder } from '@cloister/retriever/onnx';
import { printReport, tellProgress } from '../../benchmarks/report.ts';
import { CONTROLS } from './leakage/controls.ts';
import { intervalOf } from './leakage/interval.ts';
import { createSpace } from './leakage/known-pairs.ts';
import { measureLeakage } from './leakage/measure-leakage.ts';
import type { Leakage } from './leakage/measure-leakage.ts';
import { observe } from './leakage/observe.ts';
import { readPoints } from './leakage/read-point.ts';
import { renderLeakage } from './leakage/render-leakage.ts';
import type { LeakageRow } from './leakage/render-leakage.ts';
import { createSeeded } from './leakage/seeded.ts';
import { loadCranfield, remember } from './retrieval/cranfield.ts';
import { createSealedWorld } from './retrieval/sealed-world.ts';

// What somebody who reads the store, and somebody who also sees the requests, finds out in each search mode. Writes
// docs/leakage.md; with --draft it only prints.

const SEEDS = ['1', '2', '3', '4', '5'].slice(0, Number(process.env['CLOISTER_SEEDS'] ?? 5));
/** Texts from all over the collection. `CLOISTER_RECORDS=600` is faster; with too few the attacks on the spread of values find little. */
const RECORDS = Number(process.env['CLOISTER_RECORDS'] ?? 1400);
/** The controls are only to show that the attacks work. */
const CONTROL_SEEDS = SEEDS.slice(0, 2);

const model = onnxEmbedder();
const embedder = { ...model, ...remember(model) };
const collection = loadCranfield();
const tokenizer = await model.tokenizer();
// Texts that are alike word for word cannot be told apart by anybody and are left out, like the empty ones.
const all = [...new Set(collection.documents.map(({ text }) => chunkText(text, tokenizer)[0] ?? ''))].filter(Boolean);
const texts = all.filter((_, index) => (index * RECORDS) % all.length < RECORDS).slice(0, RECORDS);
const questions = collection.questions.slice(0, 100).map(({ text }) => text);
const vectors = await embedder.embed(texts);
const truth = { texts, vectors, space: createSpace(vectors) };

const modes: LeakageRow[] = [];
for (const mode of SEARCH_MODES) {
  modes.push(
    await repeat(mode, SEEDS, async (seed) => {
      await using world = createSealedWorld();
      const seeded = createSeeded(`${mode} ${seed}`);
      const experiment = { texts, questions, embedder };
      const first = await observe(mode, await world.enter('first'), experiment);
      const second = await observe(mode, await world.enter('second'), { ...experiment, questions: [] });
      const [one, two] = [first, second].map(({ points }) => readPoints(points, embedder.dimensions, seeded));
      const sizes = first.points.map(({ payload }) => payload.length);
      const figures = measureLeakage({ first: one ?? [], second: two ?? [], sizes }, truth, seeded);
      return { ...figures, questions: first.questionsTold };
    }),
  );
}
const controls: LeakageRow[] = [];
for (const [name, hide] of Object.entries(CONTROLS)) {
  controls.push(
    await repeat(name, CONTROL_SEEDS, async (seed) => {
      const seeded = createSeeded(`${name} ${seed}`);
      return measureLeakage({ first: hide(vectors, seeded), second: hide(vectors, seeded) }, truth, seeded);
    }),
  );
}
await model.dispose();

async function repeat(
  name: string,
  seeds: readonly string[],
  once: (seed: string) => Promise<Leakage>,
): Promise<LeakageRow> {
  const runs: Leakage[] = [];
  for (const seed of seeds) {
    tellProgress('leakage', `${name}, seed ${seed}`);
    runs.push(await once(seed));
  }
  const names = Object.keys(runs[0] ?? {});
  const figures = names.map((figure) => [figure, intervalOf(runs.map((run) => run[figure] ?? 0))] as const);
  return { name, figures: Object.fromEntries(figures) };
}

const file = fileURLToPath(new URL('../../docs/leakage.md', import.meta.url));
const measured = {
  modes,
  controls,
  records: texts.length,
  questions: questions.length,
  seeds: SEEDS,
  controlSeeds: CONTROL_SEEDS.length,
};
if (!process.argv.includes('--draft')) writeFileSync(file, renderLeakage({ ...measured, embedder: embedder.id }));
printReport(
  'leakage',
  [...modes, ...controls].flatMap(({ name, figures }) =>
    Object.entries(figures).flatMap(([figure, { mean, low, high }]) => [
      { name: `${name}: ${figure}`, value: mean, unit: figure === 'cosine' || figure === 'ranks' ? '' : 'share' },
      { name: `${name}: ${figure}, 95 % interval from`, value: low, unit: '' },
      { name: `${name}: ${figure}, 95 % interval to`, value: high, unit: '' },
    ]),
  ),
);
