import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyLog } from '@cloister/audit/node';
import { findCloisterError, type AuditSink } from '@cloister/core';
import { hospitals, question } from '@cloister/example-hospital/notes';
import { createWorld, type World } from '@cloister/example-hospital/world';
import type { AssembledPrompt } from '@cloister/prompt';
import type { RuntimeTenant } from '@cloister/runtime';

// Usage 2 of the design: the whole chain, on the software TEE and the engine stand-in, over real sockets.

let directory: string;
let world: World;
let cardiologist: RuntimeTenant;
let receptionist: RuntimeTenant;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cloister-chain-'));
  world = await createWorld({ directory });
  const runtime = await world.runtime();
  cardiologist = await world.enter('cardiologist', runtime);
  receptionist = await world.enter('receptionist', runtime);
  await cardiologist.ingest(hospitals[0]?.notes ?? []);
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

const codeOf = async (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => findCloisterError(error)?.code,
  );

describe('an answer', () => {
  it('is restored for the caller while the enclave saw masked text only', async () => {
    let prompt: AssembledPrompt | undefined;
    const answer = cardiologist.ask(question, { observer: { prompt: (assembled) => (prompt = assembled) } });
    const streamed = (await Array.fromAsync(answer.textStream)).join('');
    const { text, citations, receipt, report } = await answer.result();
    expect(streamed).toBe(text);
    expect(citations.length).toBeGreaterThan(0);
    expect(receipt.matched).toEqual({ enc: true, request: true, response: true });
    expect(report.map(({ arrow }) => arrow)).toEqual([
      'evidence',
      'retrieval',
      'redaction',
      'prompt',
      'session',
      'audit',
      'channel',
      'answer',
      'audit',
    ]);
    const sent = JSON.stringify(prompt?.messages);
    const patients = hospitals[0]?.patients ?? [];
    expect(patients.filter((name) => sent.includes(name))).toEqual([]);
    expect(sent).toMatch(/\[\[PERSON_[0-9a-z]{7}\]\]/);
    expect(text).not.toMatch(/\[\[/);
    expect(patients.some((name) => text.includes(name))).toBe(true);
  });

  it('holds nothing above the clearance of the caller', async () => {
    const { prompt } = await receptionist.ask(question).result();
    const notes = new Map((hospitals[0]?.notes ?? []).map((note) => [note.id, note]));
    const labels = prompt.sources.map(({ document }) => notes.get(document)?.label);
    expect(labels.every((label) => label === 'public' || label === 'internal')).toBe(true);
  });
});

describe('a session', () => {
  it('answers no more once it has ended', async () => {
    const session = await cardiologist.session();
    await cardiologist.ask(question, { session }).result();
    await session.end();
    expect(await codeOf(cardiologist.ask(question, { session }).result())).toMatch(/^ERR_(SESSION|REDACTION)_/);
  });

  it('belongs to the tenant handle that opened it, and a copy of it is none', async () => {
    const session = await cardiologist.session();
    expect(await codeOf(receptionist.ask(question, { session }).result())).toBe('ERR_RUNTIME_SESSION_FOREIGN');
    const copy = { ...session };
    expect(await codeOf(cardiologist.ask(question, { session: copy }).result())).toBe('ERR_RUNTIME_SESSION_FOREIGN');
    await session.end();
  });

  it('may not share its cache more widely than the class of the prompt allows', async () => {
    const session = await cardiologist.session({ scope: 'tenant' });
    expect(await codeOf(cardiologist.ask(question, { session }).result())).toBe('ERR_SESSION_SCOPE_TOO_WIDE');
    await session.end();
  });
});

describe('the audit log', () => {
  it('verifies offline and holds no content', async () => {
    await cardiologist.ask(question).result();
    await world.audit.checkpoint();
    const log = join(directory, 'audit');
    const verified = await verifyLog(log, await world.audit.verifierKey());
    expect(verified.size).toBeGreaterThan(4);
  });

  it('stops everything when it cannot record: no audit, no inference', async () => {
    const full: AuditSink = {
      record: () => Promise.reject(new Error('disk full')),
      register: () => undefined,
    };
    const before = world.requestsSeen();
    const tenant = await world.enter('cardiologist', await world.runtime({ audit: full }));
    expect(await codeOf(tenant.ask(question).result())).toBe('ERR_RUNTIME_AUDIT_UNAVAILABLE');
    expect(world.requestsSeen()).toBe(before);
  });
});

describe('stopping', () => {
  it('sends nothing when the signal was aborted before', async () => {
    const before = world.requestsSeen();
    const answer = cardiologist.ask(question, { signal: AbortSignal.abort() });
    await expect(answer.result()).rejects.toMatchObject({ name: 'AbortError' });
    expect(world.requestsSeen()).toBe(before);
  });
});
