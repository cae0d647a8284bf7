import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { scratchDirectory } from '../../test/tiny-model.ts';
import { createTokenizer, defaultCacheDirectory, fetchModel, MINILM } from '../index.ts';
import type { ModelFiles, VerifiedBytes } from '../index.ts';
import { createOnnxSession } from './create-onnx-session.ts';

const run = promisify(execFile);
const files: ModelFiles | undefined = await fetchModel(MINILM, { offline: true }).catch(() => undefined);
if (files === undefined)
  process.emitWarning('SKIPPED: the MiniLM files are not in the model cache; run the demo once.');
const strace = await run('strace', ['-V']).then(
  () => true,
  () => false,
);
if (!strace) process.emitWarning('SKIPPED: the trace of system calls needs strace.');

const INDEX = fileURLToPath(new URL('../index.ts', import.meta.url));
const LOAD = `
  const { fetchModel, MINILM, createOnnxSession } = await import(${JSON.stringify(INDEX)});
  const files = await fetchModel(MINILM, { offline: true, cacheDirectory: process.env.MODELS });
  await using session = await createOnnxSession(files.get('model.onnx'));
  const one = { data: BigInt64Array.of(101n, 102n), dimensions: [1, 2] };
  await session.run({ input_ids: one, attention_mask: one, token_type_ids: { ...one, data: BigInt64Array.of(0n, 0n) } });
  await new Promise((resolve) => setTimeout(resolve, 500));
  console.log('done');`;

/** What telemetry would do: a file in the home and a socket. Nothing leaves the machine. */
const CHATTY = `
  const { mkdirSync, writeFileSync } = await import('node:fs');
  const { connect } = await import('node:net');
  mkdirSync(process.env.HOME + '/.cache/vendor', { recursive: true });
  writeFileSync(process.env.HOME + '/.cache/vendor/device-id', '1');
  await new Promise((resolve) => connect(9, '127.0.0.1').on('error', resolve));
  console.log('done');`;

interface Traces {
  /** Files that appeared under home, cache and temporary folder. */
  readonly files: readonly string[];
  /** Calls that connect a socket to anything but a local one. */
  readonly connects: readonly string[];
}

/** Runs a program in a process of its own with an empty home and looks at what it left and whom it called. */
async function observe(program: string): Promise<Traces> {
  const home = scratchDirectory();
  const log = join(scratchDirectory(), 'trace');
  const { PATH } = process.env;
  const env = { PATH, HOME: home, XDG_CACHE_HOME: join(home, '.cache'), TMPDIR: home, MODELS: defaultCacheDirectory() };
  const node = [process.execPath, '--input-type=module', '--eval', program];
  const command = strace ? ['strace', '-f', '-qq', '-e', 'trace=connect,sendto', '-o', log, ...node] : node;
  const { stdout } = await run(command[0] as string, command.slice(1), { env });
  expect(stdout).toBe('done\n');
  const calls = strace ? readFileSync(log, 'utf8').split('\n') : [];
  return {
    files: readdirSync(home, { recursive: true }).map(String),
    connects: calls.filter((call) => call.includes('AF_INET')),
  };
}

describe.skipIf(files === undefined)('createOnnxSession', () => {
  const model = files?.get('model.onnx') as VerifiedBytes;

  it('leaves no file and calls nobody: telemetry is off', { timeout: 60_000 }, async () => {
    expect(await observe(LOAD)).toEqual({ files: [], connects: [] });
  });

  it('would see a program that leaves files and calls somebody (control)', async () => {
    const traces = await observe(CHATTY);
    expect(traces.files).toContain('.cache/vendor/device-id');
    expect(traces.connects.length).toBeGreaterThanOrEqual(strace ? 1 : 0);
  });

  it('refuses bytes that nobody verified, also a copy', async () => {
    const refused = { code: 'ERR_MODELS_NOT_VERIFIED' };
    await expect(createOnnxSession(new Uint8Array(64) as VerifiedBytes)).rejects.toMatchObject(refused);
    await expect(createOnnxSession(model.slice() as VerifiedBytes)).rejects.toMatchObject(refused);
  });

  it('refuses verified bytes that are no model', async () => {
    const text = files?.get('config.json') as VerifiedBytes;
    await expect(createOnnxSession(text)).rejects.toMatchObject({ code: 'ERR_MODELS_RUNTIME' });
  });

  it('refuses wrong inputs, and everything after disposal', async () => {
    const session = await createOnnxSession(model, { threads: 1 });
    expect(session.inputNames).toEqual(['input_ids', 'attention_mask', 'token_type_ids']);
    await expect(session.run({})).rejects.toMatchObject({ code: 'ERR_MODELS_RUNTIME' });
    // Token type 101 is out of range: the runtime's own message would name it.
    const ill = { data: BigInt64Array.of(101n), dimensions: [1, 1] };
    await expect(session.run({ input_ids: ill, attention_mask: ill, token_type_ids: ill })).rejects.toMatchObject({
      code: 'ERR_MODELS_RUNTIME',
    });
    await session.dispose();
    await session.dispose();
    await expect(session.run({})).rejects.toMatchObject({ code: 'ERR_MODELS_CLOSED' });
    await expect(createOnnxSession(model, { threads: 0 })).rejects.toMatchObject({ code: 'ERR_MODELS_INPUT' });
  });

  it('refuses to start in a worker thread, where the setting would not reach the runtime', async () => {
    const program = `
      const { parentPort } = require('node:worker_threads');
      import(${JSON.stringify(new URL('disable-telemetry.ts', import.meta.url).href)}).then(({ disableTelemetry }) => {
        try { disableTelemetry(); parentPort.postMessage('started'); } catch (error) { parentPort.postMessage(error.code); }
      });`;
    const answer = (env: Record<string, string>): Promise<unknown> =>
      new Promise((resolve, reject) => {
        new Worker(program, { eval: true, env }).on('message', resolve).on('error', reject);
      });
    expect(await answer({})).toBe('ERR_MODELS_TELEMETRY');
    expect(await answer({ ORT_DISABLE_TELEMETRY: '1' })).toBe('started');
  });
});

describe.skipIf(files === undefined)('createTokenizer', () => {
  const present = files as ModelFiles;

  it('tokenizes as the model expects', () => {
    const tokenizer = createTokenizer(present);
    expect(tokenizer.encode('Hello world')).toEqual([7592, 2088]);
    expect(tokenizer.encodeInput('Hello world')).toEqual([101, 7592, 2088, 102]);
    expect(tokenizer.encodeInput('')).toEqual([101, 102]);
    expect(tokenizer.id).toMatch(/^tokenizer-[0-9a-f]{16}$/);
  });

  it.each([125, 126, 127, 128, 500])('cuts %d tokens to 128 with the special ones', (count) => {
    const ids = createTokenizer(present).encodeInput('word '.repeat(count));
    expect(ids).toHaveLength(Math.min(count + 2, 128));
    expect([ids[0], ids.at(-1)]).toEqual([101, 102]);
  });

  it('refuses unverified, missing and unusable files', () => {
    const changed = (name: string, bytes: VerifiedBytes | undefined): ModelFiles =>
      new Map(
        [...present, ...(bytes === undefined ? [] : [[name, bytes] as const])].filter(
          ([key, value]) => key !== name || value === bytes,
        ),
      );
    const copy = present.get('tokenizer.json')?.slice() as VerifiedBytes;
    expect(() => createTokenizer(changed('tokenizer.json', copy))).toThrow(/nobody has verified/);
    expect(() => createTokenizer(changed('tokenizer.json', undefined))).toThrow(/lacks a file/);
    const other = present.get('model.onnx') as VerifiedBytes;
    expect(() => createTokenizer(changed('tokenizer.json', other))).toThrow(/cannot be used/);
    expect(() => createTokenizer(present, { maxTokens: 2 })).toThrow(/maxTokens/);
  });
});
