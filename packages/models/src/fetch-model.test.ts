import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256, toHex, utf8 } from '@cloister/core';
import { readCachedFile, writeCachedFile } from './cached-file.ts';
import { defaultCacheDirectory } from './cache-directory.ts';
import { fetchModel } from './fetch-model.ts';
import type { ModelFile, ModelManifest } from './manifest.ts';
import type { ModelProgress } from './progress.ts';

const BYTES = utf8('the weights of a very small model');
const FILE: ModelFile = { name: 'weights.bin', sha256: toHex(sha256(BYTES)), bytes: BYTES.length };
const MANIFEST: ModelManifest = { id: 'tiny', licence: 'Apache-2.0', files: [FILE] };

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cloister-models-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('fetchModel', () => {
  it('gives the pinned bytes from the cache and says where they came from', async () => {
    await writeCachedFile(join(directory, 'tiny'), FILE, BYTES);
    const seen: ModelProgress[] = [];
    const onProgress = (progress: ModelProgress): void => void seen.push(progress);
    const files = await fetchModel(MANIFEST, { cacheDirectory: directory, offline: true, onProgress });
    expect(files.get('weights.bin')).toEqual(Buffer.from(BYTES));
    expect(seen).toEqual([
      { file: 'weights.bin', source: 'cache', receivedBytes: BYTES.length, totalBytes: BYTES.length },
    ]);
  });

  it('names the first missing file when no source has it', async () => {
    await expect(fetchModel(MANIFEST, { cacheDirectory: directory })).rejects.toMatchObject({
      code: 'ERR_MODELS_UNAVAILABLE',
      subject: 'weights.bin',
      retryable: true,
    });
  });

  it.each([
    ['one changed bit', (bytes: Buffer) => Buffer.from(bytes.with(3, (bytes[3] ?? 0) ^ 1))],
    ['a missing byte', (bytes: Buffer) => bytes.subarray(1)],
    ['an extra byte', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from([0])])],
    ['nothing', () => Buffer.alloc(0)],
  ])('refuses a cached file with %s', async (_name, change) => {
    await writeCachedFile(join(directory, 'tiny'), FILE, BYTES);
    const path = join(directory, 'tiny', 'weights.bin');
    await writeFile(path, change(await readFile(path)));
    await expect(fetchModel(MANIFEST, { cacheDirectory: directory, offline: true })).rejects.toMatchObject({
      code: 'ERR_MODELS_DIGEST_MISMATCH',
    });
  });
});

describe('writeCachedFile', () => {
  it('lets nothing but the pinned bytes into the cache', async () => {
    await expect(writeCachedFile(directory, FILE, utf8('something else'))).rejects.toMatchObject({
      code: 'ERR_MODELS_DIGEST_MISMATCH',
    });
    expect(await readdir(directory)).toEqual([]);
  });

  it('leaves one whole file and no partial one when many writers race', async () => {
    await Promise.all(Array.from({ length: 20 }, () => writeCachedFile(directory, FILE, BYTES)));
    expect(await readdir(directory)).toEqual(['weights.bin']);
    expect(await readCachedFile(directory, FILE)).toEqual(Buffer.from(BYTES));
  });

  it('says which folder cannot be written', async () => {
    const blocked = join(directory, 'file');
    await writeFile(blocked, '');
    await expect(writeCachedFile(blocked, FILE, BYTES)).rejects.toMatchObject({ code: 'ERR_MODELS_CACHE_UNWRITABLE' });
  });
});

describe('defaultCacheDirectory', () => {
  it('prefers CLOISTER_CACHE, then the XDG cache, then the home', () => {
    expect(defaultCacheDirectory({ CLOISTER_CACHE: '/c', XDG_CACHE_HOME: '/x' })).toBe('/c/models');
    expect(defaultCacheDirectory({ XDG_CACHE_HOME: '/x' })).toBe('/x/cloister/models');
    expect(defaultCacheDirectory({})).toMatch(/\.cache\/cloister\/models$/);
  });
});
