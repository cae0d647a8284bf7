import type { AnswerResult, ArrowReport } from '@cloister/runtime';
import { admitNotes } from './admit-notes.ts';
import { askAloud } from './ask-aloud.ts';
import { ATTACKS, type AttackOutcome } from './attacks/index.ts';
import { comparePlain, type Overhead } from './compare-plain.ts';
import { question } from './notes.ts';
import { attackLine, heading, wrapped, type Print } from './render.ts';
import { verifyInSecondProcess } from './second-process.ts';
import { createWorld, type World } from './world.ts';

/** How the demo runs. */
export interface DemoOptions {
  readonly directory: string;
  readonly json: boolean;
  readonly vllm?: string;
  readonly signal: AbortSignal;
}

/** What the enclave proved. */
interface Verdict {
  readonly simulated: boolean;
  readonly tcbStatus: string;
  readonly checks: number;
  readonly embedder: string;
  readonly model: string;
}

/** The document that `--json` prints. */
interface DemoDocument {
  readonly verdict: Verdict;
  readonly arrows: readonly ArrowReport[];
  readonly answer: string;
  readonly citations: AnswerResult['citations'];
  readonly receipt: { readonly verified: boolean };
  readonly attacks: readonly Omit<AttackOutcome, 'detail'>[];
  readonly overhead: Overhead;
}

/** Tells the whole story; resolves to whether everything held. */
export async function runDemo(options: DemoOptions): Promise<boolean> {
  const { signal } = options;
  const story: Print = options.json ? (): void => {} : (text) => void process.stdout.write(text);
  const progress = (line: string): void => void process.stderr.write(`  ${line}\n`);
  await using world = await createWorld({ ...options, onProgress: progress });
  const runtime = await world.runtime();
  await admitNotes(world, runtime, { signal, progress });
  const verdict = showVerdict(world, story);
  const clinician = await world.enter('cardiologist', runtime);
  const result = await askAloud(clinician, signal, story);
  const receipt = await verifyInSecondProcess(world, result);
  story(heading('3  The receipt, checked by a second process from public files and the opening') + receipt.lines);
  const attacks = await runAttacks(world, signal, story);
  const overhead = await comparePlain(world, clinician);
  story(`\nplain ${overhead.plainMs} ms, confidential ${overhead.confidentialMs} ms: overhead ${overhead.percent} %\n`);
  if (options.json) {
    const document: DemoDocument = {
      verdict,
      arrows: result.report,
      answer: result.text,
      citations: result.citations,
      receipt: { verified: receipt.verified },
      attacks: attacks.map(({ name, refused, code }) => ({ name, refused, code })),
      overhead,
    };
    process.stdout.write(`${JSON.stringify(document)}\n`);
  }
  return receipt.verified && attacks.every(({ refused }) => refused);
}

function showVerdict(world: World, story: Print): Verdict {
  const { simulated, tcbStatus, checks } = world.enclave.identity;
  const { embedderLabel: embedder, model } = world;
  story(heading(`1  Verdict: ${simulated ? 'SIMULATED, ' : ''}accepted (${tcbStatus}, ${checks.length} checks)`));
  const roots = simulated ? 'test roots of the simulator; under the genuine root all of it is refused' : 'Intel';
  story(wrapped(`Evidence verified in ${world.attestMilliseconds.toFixed(0)} ms. Roots: ${roots}.`));
  story(wrapped(`Model: ${model}. Embedder: ${embedder}.`));
  return { simulated, tcbStatus, checks: checks.length, embedder, model };
}

async function runAttacks(world: World, signal: AbortSignal, story: Print): Promise<readonly AttackOutcome[]> {
  story(heading('4  Four attacks'));
  const outcomes: AttackOutcome[] = [];
  for (const attack of ATTACKS) {
    signal.throwIfAborted();
    const outcome = await attack(world, question);
    story(attackLine(outcome));
    outcomes.push(outcome);
  }
  return outcomes;
}
