import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultCacheDirectory } from './cache-directory.ts';
import { createOnnxSession } from './create-onnx-session.ts';
import { createTokenizer } from './create-tokenizer.ts';
import { fetchModel, type ModelFiles } from './fetch-model.ts';
import { MINILM } from './manifest.ts';

const run = promisify(execFile);
const files: ModelFiles | undefined = await fetchModel(MINILM, { offline: true }).catch(() => undefined);
if (files === undefined)
  console.warn('SKIPPED: the MiniLM files are not in the model cache; run the demo once with a network.');

describe.skipIf(files === undefined)('all-MiniLM-L6-v2', () => {
  const present = files as ModelFiles;
  let home: string;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'cloister-home-'));
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  it('tokenizes as the model expects, and keeps the closing token when it cuts', () => {
    const tokenizer = createTokenizer(present);
    expect(tokenizer.encode('Hello world')).toEqual([7592, 2088]);
    expect(tokenizer.encodeForModel('Hello world', 128)).toEqual([101, 7592, 2088, 102]);
    const cut = tokenizer.encodeForModel('word '.repeat(500), 128);
    expect(cut).toHaveLength(128);
    expect(cut.at(-1)).toBe(102);
  });

  it('refuses what is not a model, a wrong output, and use after disposal', async () => {
    await expect(createOnnxSession(new Uint8Array(64))).rejects.toMatchObject({ code: 'ERR_MODELS_SESSION_FAILED' });
    const session = await createOnnxSession(present.get('model.onnx') ?? new Uint8Array());
    await expect(session.run({}, 'last_hidden_state')).rejects.toMatchObject({ code: 'ERR_MODELS_SESSION_FAILED' });
    await session.dispose();
    await session.dispose();
    await expect(session.run({}, 'last_hidden_state')).rejects.toMatchObject({ code: 'ERR_MODELS_SESSION_CLOSED' });
  });

  it('writes no file of the runtime anywhere: no telemetry', async () => {
    const program = `
      const { fetchModel, MINILM, createOnnxSession } = await import(${JSON.stringify(fileURLToPath(new URL('index.ts', import.meta.url)))});
      const files = await fetchModel(MINILM, { offline: true, cacheDirectory: process.env.MODELS });
      const session = await createOnnxSession(files.get('model.onnx'));
      await session.dispose();
      console.log('loaded');`;
    const env = {
      PATH: process.env['PATH'],
      HOME: home,
      XDG_CACHE_HOME: home,
      TMPDIR: home,
      MODELS: defaultCacheDirectory(),
    };
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], { env });
    expect(stdout).toBe('loaded\n');
    expect(await readdir(home)).toEqual([]);
  });
});
