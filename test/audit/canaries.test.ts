import { inspect } from 'node:util';
import { createCanaries, captureOutput, findCanaries, readFolder } from '@cloister/simulator/canaries';
import type { Canary, CanaryHit } from '@cloister/simulator/canaries';
import { toOtlpLogs } from '@cloister/audit';
import { auditLog, readLog } from '@cloister/audit/node';
import { hospitals, question } from '@cloister/example-hospital/notes';
import { createWorld, type World } from '@cloister/example-hospital/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { laneSize, useScratch } from './scratch.ts';

const newDirectory = useScratch();
const runs = laneSize('CLOISTER_CANARY_RUNS', 5);
let world: World;

beforeAll(async () => {
  world = await createWorld({ directory: newDirectory() });
});

afterAll(() => world[Symbol.asyncDispose]());

/** What one run of the chain left behind for others than its caller. */
interface Traces {
  readonly output: Uint8Array;
  readonly values: string;
  /** What the caller got: here a canary may be. */
  readonly answer: string;
}

/** Notes, question and an aborted question that hold canaries. */
async function runChain(canaries: ReturnType<typeof createCanaries>, audit: string): Promise<Traces> {
  const log = auditLog(audit);
  const notes = (hospitals[0]?.notes ?? []).map((note, index) =>
    index === 0 ? { ...note, id: 'note-with-canary', text: `${note.text} Remark ${canaries.document.text}.` } : note,
  );
  const asked = `${question} Remark ${canaries.prompt.text}.`;
  const values: unknown[] = [];
  const { output, result } = await captureOutput(async () => {
    const tenant = await world.enter('cardiologist', await world.runtime({ audit: log }));
    await tenant.ingest(notes);
    const session = await tenant.session();
    const answer = tenant.ask(asked, { session });
    const { text, recorded, report } = await answer.result();
    values.push(tenant, session, answer, recorded, report, log);
    // A prompt that does not fit is refused with an error that must not quote it.
    const long = `${canaries['error-body'].text} `.repeat(4000);
    values.push(
      await tenant
        .ask(long, { session })
        .result()
        .catch((error: unknown) => error),
    );
    await session.end();
    return text;
  });
  const events = await Array.fromAsync(readLog(audit));
  await log.close();
  const written = values.flatMap((value) => [inspect(value, { depth: 8, showHidden: true }), stringify(value)]);
  const answer = result.status === 'fulfilled' ? result.value : Promise.reject(result.reason as Error);
  return { output, values: [...written, JSON.stringify(toOtlpLogs(events))].join('\n'), answer: await answer };
}

function stringify(value: unknown): string {
  const error = value instanceof Error ? `${value.stack}${String(value.cause)}` : '';
  return `${JSON.stringify(value)}${error}`;
}

function search(traces: Traces, directory: string, canaries: readonly Canary[]): readonly CanaryHit[] {
  const haystacks = [traces.output, traces.values, ...readFolder(directory).values()];
  return haystacks.flatMap((haystack) => findCanaries(haystack, canaries));
}

describe('canaries in the chain', () => {
  it(
    `reach no log, console, error or inspected object in ${runs} runs`,
    { timeout: 60_000 + runs * 3000 },
    async () => {
      let answered = 0;
      for (let run = 0; run < runs; run++) {
        const canaries = createCanaries();
        const directory = newDirectory();
        const traces = await runChain(canaries, directory);
        expect(search(traces, directory, Object.values(canaries))).toEqual([]);
        if (traces.answer !== '') answered += 1;
      }
      expect(answered).toBe(runs);
    },
  );

  it('are caught where something prints or stores them: the control', async () => {
    const canaries = createCanaries();
    const directory = newDirectory();
    const traces = await runChain(canaries, directory);
    const leaky = await captureOutput(async () => void process.stderr.write(canaries.document.text));
    const prompted = { ...traces, output: leaky.output, values: Buffer.from(canaries.prompt.text).toString('base64') };
    expect(search(prompted, directory, Object.values(canaries))).toEqual([
      { place: 'document', form: 'raw' },
      { place: 'prompt', form: 'base64' },
    ]);
  });
});
