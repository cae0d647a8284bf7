import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEd25519Signer } from '@cloister/audit';
import { findCloisterError, systemRandom } from '@cloister/core';
import { hospitals, question } from '@cloister/example-hospital/notes';
import { createWorld, type World } from '@cloister/example-hospital/world';
import type { AssembledPrompt } from '@cloister/prompt';
import { defaultPolicy, type RuntimePolicy, type RuntimeSession, type RuntimeTenant } from '@cloister/runtime';
import { verifySessionEnd } from '@cloister/session';
import { sqliteMemory, type SqliteMemory } from '@cloister/session/sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';

const SUMMARY_QUESTION = 'What was said so far, in short?';

// Conversations that are remembered: through the whole chain, sealed on disk, gone with their end.

let directory: string;
let world: World;
let store: SqliteMemory;
let policy: RuntimePolicy;
const signer = await createEd25519Signer(systemRandom(32));

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cloister-memory-'));
  world = await createWorld({ directory });
  store = sqliteMemory(join(directory, 'turns.db'));
  const plain = defaultPolicy(world.evidencePolicy);
  const { restricted, ...others } = plain.classes;
  policy = { ...plain, classes: { ...others, restricted: { ...restricted, memorySeconds: 3600 } } };
  await (await enter()).ingest(hospitals[0]?.notes ?? []);
});
afterAll(async () => {
  store.close();
  await world[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

async function enter(rules: RuntimePolicy = policy): Promise<RuntimeTenant> {
  const runtime = await world.runtime({ memory: { store, signer }, policy: rules });
  return world.enter('cardiologist', runtime);
}

async function promptOf(tenant: RuntimeTenant, session: RuntimeSession, text: string): Promise<AssembledPrompt> {
  let prompt: AssembledPrompt | undefined;
  await tenant.ask(text, { session, limit: 2, observer: { prompt: (made) => (prompt = made) } }).result();
  return prompt as AssembledPrompt;
}

it('puts earlier turns into the prompt, masked, and finds them again in another runtime', async () => {
  const tenant = await enter();
  const session = await tenant.session();
  expect((await promptOf(tenant, session, question)).messages.map(({ role }) => role)).toEqual(['system', 'user']);
  const second = await promptOf(tenant, session, 'And before that?');
  expect(second.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
  const sent = JSON.stringify(second.messages);
  for (const patient of hospitals[0]?.patients ?? []) expect(sent).not.toContain(patient);

  const again = await enter();
  const resumed = await again.session({ resume: session.memory ?? '' });
  expect((await promptOf(again, resumed, 'And then?')).messages).toHaveLength(6);
  const database = Buffer.concat(
    await Promise.all(['', '-wal'].map((end) => readFile(join(directory, `turns.db${end}`)))),
  );
  expect(database.includes('And before that?')).toBe(false);
  const receipt = await resumed.end();
  expect(receipt && (await verifySessionEnd(receipt, signer.publicKey))).toMatchObject({ turns: 6, removed: true });
  const error: unknown = await again.session({ resume: session.memory ?? '' }).catch((thrown: unknown) => thrown);
  expect(findCloisterError(error)?.code).toBe('ERR_SESSION_UNKNOWN');
});

it('remembers nothing of a class for which the policy gives no time', async () => {
  const tenant = await enter(defaultPolicy(world.evidencePolicy));
  const session = await tenant.session();
  expect(session.memory).toBeUndefined();
  await promptOf(tenant, session, question);
  expect((await promptOf(tenant, session, 'And before that?')).messages).toHaveLength(2);
  expect(await session.end()).toBeUndefined();

  const { restricted, ...others } = defaultPolicy(world.evidencePolicy).classes;
  const rules = { ...policy, classes: { ...others, restricted, internal: { ...others.internal, memorySeconds: 60 } } };
  const some = await enter(rules);
  const mixed = await some.session();
  await promptOf(some, mixed, question); // restricted
  expect((await promptOf(some, mixed, 'And before that?')).messages).toHaveLength(2);
  await mixed.end();
});

it('puts turns that no longer fit into a summary, by the way of every question', async () => {
  const runtime = await world.runtime({ memory: { store, signer, summarize: true }, policy, contextTokens: 1200 });
  const tenant = await world.enter('cardiologist', runtime);
  const session = await tenant.session();
  let prompt = await promptOf(tenant, session, question);
  const summed = (): boolean => prompt.messages[1]?.content === SUMMARY_QUESTION;
  for (let round = 0; round < 12 && !summed(); round++)
    prompt = await promptOf(tenant, session, `And in week ${round}? ${'Tell me about the dose. '.repeat(8)}`);
  expect(prompt.messages.slice(0, 4).map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
  expect(summed()).toBe(true);
  expect(prompt.label).toBe('restricted');
  const sent = JSON.stringify(prompt.messages);
  for (const patient of hospitals[0]?.patients ?? []) expect(sent).not.toContain(patient);

  // Another process goes on from the same summary, and asks the model for no other one.
  const again = await world.enter('cardiologist', runtime);
  const resumed = await again.session({ resume: session.memory ?? '' });
  const next = await promptOf(again, resumed, 'And then?');
  expect(next.messages[1]?.content).toBe(SUMMARY_QUESTION);
  expect(next.messages[2]?.content.length).toBe(prompt.messages[2]?.content.length);
  await resumed.end();
  await session.end().catch(() => undefined);
});

it('keeps notes of an agent and results of its tools with the turns, and out of prompts', async () => {
  const tenant = await enter();
  const session = await tenant.session();
  await tenant.note(session, { role: 'tool', text: 'CANARY-TOOL: pulse 71' });
  await tenant.note(session, { role: 'note', text: 'CANARY-NOTE: ask about sleep' });
  await promptOf(tenant, session, question);
  const sent = JSON.stringify((await promptOf(tenant, session, 'And before that?')).messages);
  expect(sent).not.toContain('CANARY');
  const again = await enter();
  const resumed = await again.session({ resume: session.memory ?? '' });
  expect(again.notes(resumed).map(({ role, text }) => [role, text])).toEqual([
    ['tool', 'CANARY-TOOL: pulse 71'],
    ['note', 'CANARY-NOTE: ask about sleep'],
  ]);
  const database = Buffer.concat(
    await Promise.all(['', '-wal'].map((end) => readFile(join(directory, `turns.db${end}`)))),
  );
  expect(database.includes('CANARY')).toBe(false);
  await expect(again.note(resumed, { role: 'note', text: 'x', label: 'public' })).rejects.toMatchObject({
    code: 'ERR_RUNTIME_NOT_REMEMBERED',
  });
  await resumed.end();
  expect(() => again.notes(resumed)).toThrow(expect.objectContaining({ code: 'ERR_SESSION_ENDED' }));
});
