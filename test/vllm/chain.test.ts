import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hospitals, question } from '@cloister/example-hospital/notes';
import { createWorld, type World } from '@cloister/example-hospital/world';
import type { AnswerResult, RuntimeSession, RuntimeTenant } from '@cloister/runtime';

// The whole chain against the vLLM at CLOISTER_VLLM_URL. A tiny model shows the plumbing, not the quality of answers.

const vllm = process.env['CLOISTER_VLLM_URL'];
if (vllm === undefined) console.warn('SKIPPED: set CLOISTER_VLLM_URL to run the chain against a real vLLM.');

describe.skipIf(vllm === undefined)('the chain on a real vLLM', () => {
  let directory: string;
  let world: World;
  let tenant: RuntimeTenant;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'cloister-vllm-'));
    world = await createWorld({ directory, ...(vllm === undefined ? {} : { vllm }), answerTokens: 24 });
    tenant = await world.enter('cardiologist', await world.runtime());
    await tenant.ingest(hospitals[0]?.notes ?? []);
  });

  afterAll(async () => {
    await world[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });

  const ask = (session: RuntimeSession): Promise<AnswerResult> => tenant.ask(question, { session, limit: 2 }).result();

  it('answers with a verified receipt that carries the token counts of the server', async () => {
    const session = await tenant.session();
    const { text, receipt, usage, report } = await ask(session);
    await session.end();
    expect(text.length).toBeGreaterThan(0);
    expect(receipt.matched).toEqual({ enc: true, request: true, response: true });
    expect(receipt.receipt.usage?.input).toBe(usage?.promptTokens);
    expect(report.at(-1)?.arrow).toBe('audit');
  });

  it('finds the prefix of its own session in the cache, and not that of another session', async () => {
    const [mine, other] = [await tenant.session(), await tenant.session()];
    // The delimiter of a prompt is random, so only the instructions repeat: enough for at least one block.
    const cold = await ask(mine);
    const warm = await ask(mine);
    const foreign = await ask(other);
    expect(cold.usage?.cachedTokens).toBe(0);
    expect(warm.usage?.cachedTokens).toBeGreaterThan(0);
    expect(foreign.usage?.cachedTokens).toBe(0);
    await mine.end();
    await other.end();
  });
});
