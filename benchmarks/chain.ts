import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hospitals, question } from '@cloister/example-hospital/notes';
import { createPlainChain } from '@cloister/example-hospital/plain-chain';
import { createWorld, type World } from '@cloister/example-hospital/world';
import { Bench } from 'tinybench';
import { printReport, type Row } from './report.ts';
import { createSamples, type Samples } from './samples.ts';
import { startStandInProcess } from './stand-in-process.ts';

// The whole chain against the same assistant without protection, in one run: milliseconds per arrow and in total, and
// the CPU time that the confidential path adds to a request. Client and gateway share this process, so the CPU figure counts
// both ends of the channel; the engine stand-in has a process of its own, and the embedder works alike in both chains.

/** Which step of the baseline an arrow corresponds to; the others exist in the confidential chain alone. */
const BASELINES: Readonly<Record<string, string>> = { retrieval: 'retrieval', prompt: 'prompt', answer: 'answer' };

const ARROWS = ['evidence', 'retrieval', 'redaction', 'prompt', 'session', 'channel', 'answer', 'audit'];

const WARM_UP = 150;
const ITERATIONS = 200;

const directory = await mkdtemp(join(tmpdir(), 'cloister-bench-'));
try {
  await using engine = await startStandInProcess();
  await using world = await createWorld({ directory, vllm: engine.url });
  printReport('chain', await measure(world));
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function measure(world: World): Promise<Row[]> {
  const notes = hospitals[0]?.notes ?? [];
  const tenant = await world.enter('cardiologist', await world.runtime());
  await tenant.ingest(notes);
  const session = await tenant.session();
  const { engineUrl, model, embedder } = world;
  const plain = await createPlainChain({ url: engineUrl, model, embedder, documents: notes });
  const samples = createSamples();

  const askPlain = async (): Promise<void> => {
    const { milliseconds } = await samples.cpu('plain', () => plain.ask(question));
    for (const [step, value] of Object.entries(milliseconds)) samples.add(`plain ${step}`, value);
  };
  const askConfidential = async (): Promise<void> => {
    const { report } = await samples.cpu('confidential', () => tenant.ask(question, { session }).result());
    const perArrow = Object.groupBy(report, (entry) => entry.arrow);
    for (const [arrow, entries] of Object.entries(perArrow)) {
      samples.add(
        arrow,
        entries.reduce((sum, entry) => sum + entry.milliseconds, 0),
      );
    }
  };
  for (let round = 0; round < WARM_UP; round++) {
    await askPlain();
    await askConfidential();
  }
  samples.clear();

  const bench = new Bench({ iterations: ITERATIONS, time: 0, warmup: false });
  bench.add('plain', askPlain).add('confidential', askConfidential);
  await bench.run();
  const median = (name: string): number => medianOf(bench, name);
  return rows(samples, median('plain'), median('confidential'));
}

function medianOf(bench: Bench, name: string): number {
  const result = bench.getTask(name)?.result;
  if (result === undefined || !('latency' in result)) throw new Error(`the ${name} chain did not finish`);
  return result.latency.p50;
}

function rows(samples: Samples, plainTotal: number, confidentialTotal: number): Row[] {
  const perArrow = ARROWS.map((arrow) => {
    const baseline = BASELINES[arrow];
    const value = samples.median(arrow);
    return compare(
      `arrow ${arrow}`,
      value,
      'ms',
      baseline === undefined ? undefined : samples.median(`plain ${baseline}`),
    );
  });
  const [plainCpu, confidentialCpu] = [samples.mean('plain cpu'), samples.mean('confidential cpu')];
  return [
    ...perArrow,
    compare('total', confidentialTotal, 'ms', plainTotal),
    compare('cpu', confidentialCpu, 'ms', plainCpu),
    { name: 'cpu added by the confidential path', value: confidentialCpu - plainCpu, unit: 'ms' },
  ];
}

function compare(name: string, value: number, unit: string, baseline: number | undefined): Row {
  return baseline === undefined ? { name, value, unit } : { name, value, unit, baseline, ratio: value / baseline };
}
