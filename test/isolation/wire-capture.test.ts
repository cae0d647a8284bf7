import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hospitals, question } from '@cloister/example-hospital/notes';
import { createPlainChain } from '@cloister/example-hospital/plain-chain';
import { createWorld, type World } from '@cloister/example-hospital/world';
import { createTcpTap, type TcpTap } from '@cloister/simulator/network';
import { sharedWindows } from './windows.ts';

const INNER_PATH = '/v1/chat/completions';

let directory: string;
let world: World;
let tap: TcpTap;
let secrets: readonly string[];
let evidenceExchange: Buffer;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cloister-wire-'));
  const network = async (url: string): Promise<string> => {
    tap = await createTcpTap(url);
    return tap.url;
  };
  world = await createWorld({ directory, network });
  evidenceExchange = tap.captured();
  const runtime = await world.runtime();
  const cardiologist = await world.enter('cardiologist', runtime);
  await cardiologist.ingest(hospitals[0]?.notes ?? []);
  const prompts: string[] = [];
  const answer = cardiologist.ask(question, {
    observer: { prompt: ({ messages }) => prompts.push(...messages.map((message) => message.content)) },
  });
  const { text } = await answer.result();
  const notes = hospitals.flatMap((hospital) => hospital.notes.map((note) => note.text));
  secrets = [question, text, ...prompts, ...notes, INNER_PATH, world.model];
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await tap.close();
  await rm(directory, { recursive: true, force: true });
});

describe('what an observer in front of the gateway captures', () => {
  it('shares no 12-byte window with prompt, notes, answer, inner path or model name', () => {
    const captured = tap.captured();
    expect(captured.length).toBeGreaterThan(evidenceExchange.length + 1000);
    expect(sharedWindows(captured, secrets, evidenceExchange)).toEqual([]);
  });

  it('control: the same search finds all of them in the plain run', async () => {
    const plainTap = await createTcpTap(world.engineUrl);
    const notes = hospitals[0]?.notes ?? [];
    const plain = await createPlainChain({
      url: plainTap.url,
      model: world.model,
      embedder: world.embedder,
      documents: notes,
    });
    await plain.ask(question);
    const captured = plainTap.captured();
    await plainTap.close();
    const texts = notes.map((note) => note.text).join('\n');
    for (const secret of [question, texts, INNER_PATH, world.model]) {
      expect(sharedWindows(captured, [secret])).not.toEqual([]);
    }
  });
});

describe('the database file', () => {
  it('shares no 12-byte window with any note, name or document id', async () => {
    const names = hospitals.flatMap((hospital) => hospital.patients);
    const files = await Promise.all(
      ['', '-wal'].map((suffix) => readFile(world.databaseFile + suffix).catch(() => Buffer.alloc(0))),
    );
    const stored = Buffer.concat(files);
    expect(stored.length).toBeGreaterThan(10_000);
    expect(sharedWindows(stored, [...secrets, ...names])).toEqual([]);
  });

  it('control: the same search finds a note that was written in clear', () => {
    const note = hospitals[0]?.notes[0]?.text ?? '';
    expect(sharedWindows(Buffer.from(`INSERT ${note}`), [note])).not.toEqual([]);
  });
});
