import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utf8 } from '@cloister/core';
import { verifyTdxQuote } from '@cloister/evidence/tdx';
import {
  type CollateralServicesStandIn,
  SERVICE_FAULTS,
  type ServiceFault,
  startCollateralServices,
} from '@cloister/simulator/collateral-services';
import { createSimulatedTee, type SimulatedTee } from '@cloister/simulator/tee';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDiskCache } from '../disk-cache/index.ts';
import { type Collateral, type CollateralOptions, createCollateral } from './create-collateral.ts';
import { cachingIntelServices } from './services.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let tee: SimulatedTee;
let foreign: SimulatedTee;
let quote: Uint8Array;
let standIn: CollateralServicesStandIn;
let directory: string;
/** A certificate and its issuer. */
let pair: readonly [Uint8Array, Uint8Array];
let now = 0;
const waits: number[] = [];

beforeAll(async () => {
  [tee, foreign] = await Promise.all([createSimulatedTee(), createSimulatedTee()]);
  const evidence = await tee.provider.collect(new Uint8Array(64));
  if (evidence.tee !== 'tdx') throw new Error('the simulated TEE is TDX');
  ({ quote } = evidence);
  standIn = await startCollateralServices({ intel: tee.collateral, foreign: foreign.collateral });
  now = Date.now();
  pair = await create().snpChain('Genoa', 'vcek');
});
afterAll(() => standIn[Symbol.asyncDispose]());
beforeEach(async () => {
  now = Date.now();
  waits.length = 0;
  standIn.setFault(undefined);
  standIn.setIntel(tee.collateral);
  directory = await mkdtemp(join(tmpdir(), 'collateral-'));
  return () => rm(directory, { recursive: true });
});

function create(options: Partial<CollateralOptions> = {}): Collateral {
  return createCollateral({
    whenDown: 'require',
    services: standIn.services,
    roots: tee.roots,
    clock: { now: () => now },
    timeout: 500,
    sleep: async (milliseconds) => void waits.push(milliseconds),
    ...options,
  });
}

/** How many questions the services got meanwhile. */
async function asked(work: () => Promise<unknown>): Promise<number> {
  const before = standIn.requests.length;
  await work();
  return standIn.requests.length - before;
}

const chip = {
  line: 'Genoa',
  chipId: new Uint8Array(64).fill(7),
  tcb: { bootloader: 4, tee: 0, snp: 22, microcode: 213 },
} as const;

describe("Intel's collateral", () => {
  it('is what the verifier needs', async () => {
    const collateral = await create().tdx(quote);
    expect(collateral).toEqual(tee.collateral);
    await expect(verifyTdxQuote(quote, { now, collateral, roots: tee.roots })).resolves.toMatchObject({
      tcbStatus: 'UpToDate',
    });
  });

  it('comes from a caching service just as well', async () => {
    const services = { ...standIn.services, ...cachingIntelServices(standIn.url) };
    expect(await create({ services }).tdx(quote)).toEqual(tee.collateral);
    expect(standIn.requests.at(-1)).toBe('/sgx/certification/v4/rootcacrl');
  });

  it('takes four questions, once for all who ask at the same time', async () => {
    const collateral = create();
    expect(await asked(() => Promise.all(Array.from({ length: 20 }, () => collateral.tdx(quote))))).toBe(4);
    expect(await asked(() => collateral.tdx(quote))).toBe(0);
  });

  it.each<[ServiceFault, string]>([
    ['down', 'ERR_CLIENT_COLLATERAL_UNAVAILABLE'],
    ['slow', 'ERR_CLIENT_COLLATERAL_UNAVAILABLE'],
    ['busy', 'ERR_CLIENT_COLLATERAL_UNAVAILABLE'],
    ['busy-for-long', 'ERR_CLIENT_COLLATERAL_UNAVAILABLE'],
    ['error', 'ERR_CLIENT_COLLATERAL_UNAVAILABLE'],
    ['truncated', 'ERR_CLIENT_COLLATERAL_UNAVAILABLE'],
    ['not-found', 'ERR_CLIENT_COLLATERAL_REFUSED'],
    ['redirect', 'ERR_CLIENT_COLLATERAL_REFUSED'],
    ['too-large', 'ERR_CLIENT_COLLATERAL_REFUSED'],
    ['garbage', 'ERR_CLIENT_COLLATERAL_WRONG'],
    ['wrong-chain', 'ERR_CLIENT_COLLATERAL_WRONG'],
  ])('%s is %s, and nothing of it is kept', async (fault, code) => {
    const collateral = create({ cache: createDiskCache(directory) });
    standIn.setFault(fault);
    await expect(collateral.tdx(quote)).rejects.toMatchObject({ code });
    expect(await readdir(directory)).toEqual([]);
    standIn.setFault(undefined);
    expect(await collateral.tdx(quote)).toEqual(tee.collateral);
  });

  it('waits as long as a busy service asks for, but not for an hour', async () => {
    standIn.setFault('busy', 1);
    await create().tdx(quote);
    expect(waits).toEqual([2000]);
    standIn.setFault('busy-for-long', 1);
    await expect(create().tdx(quote)).rejects.toMatchObject({ detail: { status: 429 } });
    expect(waits).toEqual([2000]);
  });

  it('of another platform is refused', async () => {
    const other = await createSimulatedTee({ faults: ['wrong-fmspc'] });
    standIn.setIntel(other.collateral);
    await expect(create().tdx(quote)).rejects.toMatchObject({ code: 'ERR_CLIENT_COLLATERAL_REFUSED' });
  });

  it('that is no longer valid is refused', async () => {
    now += 40 * DAY;
    await expect(create().tdx(quote)).rejects.toMatchObject({ code: 'ERR_CLIENT_COLLATERAL_WRONG' });
  });

  it('that revokes the platform is genuine: the verdict is for the verifier', async () => {
    const revoking = await createSimulatedTee({ faults: ['pck-revoked'] });
    const evidence = await revoking.provider.collect(new Uint8Array(64));
    standIn.setIntel(revoking.collateral);
    const collateral = await create({ roots: revoking.roots }).tdx((evidence as { quote: Uint8Array }).quote);
    expect(collateral).toEqual(revoking.collateral);
  });
});

describe('when a service is down', () => {
  it.each(['require', 'cached'] as const)('%s: what is fresh is used, what is not valid is not', async (whenDown) => {
    const collateral = create({ whenDown });
    await collateral.tdx(quote);
    standIn.setFault('down');
    now += HOUR;
    expect(await collateral.tdx(quote)).toEqual(tee.collateral);
    now += 40 * DAY;
    await expect(collateral.tdx(quote)).rejects.toMatchObject({ code: 'ERR_CLIENT_COLLATERAL_UNAVAILABLE' });
  });

  it('require: what is old and valid is not used', async () => {
    const collateral = create({ whenDown: 'require' });
    await collateral.tdx(quote);
    standIn.setFault('down');
    now += DAY;
    await expect(collateral.tdx(quote)).rejects.toMatchObject({ code: 'ERR_CLIENT_COLLATERAL_UNAVAILABLE' });
  });

  it('cached: what is old and valid is used at once, and fetched anew behind it', async () => {
    const collateral = create({ whenDown: 'cached' });
    await collateral.tdx(quote);
    now += DAY;
    standIn.setFault('down');
    expect(await collateral.tdx(quote)).toEqual(tee.collateral);
    standIn.setFault(undefined);
    const before = standIn.requests.length;
    await expect.poll(async () => asked(() => collateral.tdx(quote))).toBe(0);
    await expect.poll(() => standIn.requests.length).toBeGreaterThanOrEqual(before + 4);
  });

  it('a clock that was set back makes an answer unusable', async () => {
    const collateral = create({ whenDown: 'cached' });
    await collateral.tdx(quote);
    standIn.setFault('down');
    now -= HOUR;
    await expect(collateral.tdx(quote)).rejects.toMatchObject({ code: 'ERR_CLIENT_COLLATERAL_UNAVAILABLE' });
  });

  it('an older answer never replaces a newer one', async () => {
    const collateral = create();
    const newer = { ...tee.collateral };
    await collateral.tdx(quote);
    const older = await createSimulatedTee({ clock: { now: () => now - 3 * DAY } });
    standIn.setIntel(older.collateral);
    now += DAY;
    await expect(collateral.tdx(quote)).rejects.toMatchObject({ code: 'ERR_CLIENT_COLLATERAL_WRONG' });
    standIn.setIntel(newer);
    expect(await collateral.tdx(quote)).toEqual(newer);
  });
});

describe('the cache on disk', () => {
  it('serves another process', async () => {
    await create({ cache: createDiskCache(directory) }).tdx(quote);
    const second = create({ cache: createDiskCache(directory) });
    expect(await asked(() => second.tdx(quote))).toBe(0);
  });

  it.each<[string, (text: string) => string]>([
    ['another key', (text) => text.replace('fmspc=00c', 'fmspc=00d')],
    ['a changed byte', (text) => text.replace(/"body":"(.{400})./, (_, head: string) => `"body":"${head}_`)],
    ['half of it', (text) => text.slice(0, text.length / 2)],
    ['a date in the future', (text) => text.replace(/"fetchedAt":\d/, '"fetchedAt":9')],
    ['a member more', (text) => text.replace('"version":1', '"version":1,"x":1')],
    ['nothing', () => ''],
  ])('%s is no entry', async (_, change) => {
    await create({ cache: createDiskCache(directory) }).tdx(quote);
    const [name = ''] = await readdir(directory);
    const path = join(directory, name);
    await writeFile(path, change(await readFile(path, 'utf8')));
    const second = create({ cache: createDiskCache(directory) });
    expect(await asked(async () => expect(await second.tdx(quote)).toEqual(tee.collateral))).toBe(4);
  });

  it('does not serve other roots, other services or another platform', async () => {
    const cache = createDiskCache(directory);
    await create({ cache }).tdx(quote);
    standIn.setFault('down');
    const services = { ...standIn.services, intel: `${standIn.url}/other` };
    for (const options of [{ services }, { roots: foreign.roots }])
      await expect(create({ cache, ...options }).tdx(quote)).rejects.toThrow(/vendor's service/);
    expect(await create({ cache }).tdx(quote)).toEqual(tee.collateral);
  });

  it('that fails does not stop a fetch', async () => {
    const fail = async (): Promise<never> => {
      throw new Error('disk full');
    };
    expect(await create({ cache: { get: fail, put: fail } }).tdx(quote)).toEqual(tee.collateral);
  });
});

describe('a bundle', () => {
  it('does without a network until the first of its parts ends', async () => {
    const online = create();
    await Promise.all([online.tdx(quote), online.snpChip(chip), online.snpChain('Genoa', 'vcek')]);
    const bundle = online.exportBundle();
    const offline = create({ bundle, offline: true, whenDown: 'cached' });
    now += 20 * DAY;
    expect(await asked(async () => expect(await offline.tdx(quote)).toEqual(tee.collateral))).toBe(0);
    expect(offline.exportBundle().length).toBeLessThan(bundle.length);
    await offline.snpChip(chip);
    await offline.snpChain('Genoa', 'vcek');
    expect(offline.exportBundle()).toEqual(bundle);
    now += 20 * DAY;
    await expect(offline.tdx(quote)).rejects.toMatchObject({ code: 'ERR_CLIENT_COLLATERAL_UNAVAILABLE' });
    await expect(offline.gpuToken(new Uint8Array(32), [])).rejects.toMatchObject({ subject: 'offline' });
  });

  it('of other roots is of no use', async () => {
    const online = create();
    await online.tdx(quote);
    const offline = create({ bundle: online.exportBundle(), offline: true, roots: foreign.roots });
    await expect(offline.tdx(quote)).rejects.toMatchObject({ code: 'ERR_CLIENT_COLLATERAL_UNAVAILABLE' });
  });

  it.each(['', '{}', '[]', '{"version":1,"type":"cloister/collateral","entries":[{}]}', '{"version":1,"version":1}'])(
    'is nothing else: %s',
    (text) => {
      expect(() => create({ bundle: utf8(text) })).toThrow(
        expect.objectContaining({ code: 'ERR_CLIENT_COLLATERAL_BUNDLE' }),
      );
    },
  );
});

describe("AMD's and NVIDIA's services", () => {
  const calls: readonly [string, (collateral: Collateral) => Promise<unknown>, string][] = [
    ['a chip of Genoa', (c) => c.snpChip(chip), '?blSPL=04&teeSPL=00&snpSPL=22&ucodeSPL=213'],
    [
      'a chip of Turin',
      (c) => c.snpChip({ ...chip, line: 'Turin', tcb: { ...chip.tcb, fmc: 1 } }),
      '/vcek/v1/Turin/0707070707070707?blSPL=04&teeSPL=00&snpSPL=22&ucodeSPL=213&fmcSPL=01',
    ],
    ['a chain of chips', (c) => c.snpChain('Milan', 'vcek'), '/vcek/v1/Milan/cert_chain'],
    ['a chain of lent keys', (c) => c.snpChain('Turin', 'vlek'), '/vlek/v1/Turin/cert_chain'],
    ['a list', (c) => c.snpList('Genoa', 'vcek'), '/vcek/v1/Genoa/crl'],
    ['a manifest', (c) => c.gpuManifest('NV_GPU_DRIVER_GH100_550.54.15'), '/v1/rim/NV_GPU_DRIVER_GH100_550.54.15'],
    ['token keys', (c) => c.gpuTokenKeys(), '/.well-known/jwks.json'],
    ['a status', (c) => c.gpuStatus(...pair), '/ocsp'],
  ];

  it.each(calls)('%s: asked for by its name, kept, right after every fault', async (_, call, path) => {
    const collateral = create();
    await call(collateral);
    expect((standIn.requests.at(-1) ?? '').endsWith(path)).toBe(true);
    standIn.setFault('down');
    expect(await asked(() => call(collateral))).toBe(0);
    for (const fault of SERVICE_FAULTS.filter((name) => name !== 'slow')) {
      standIn.setFault(fault);
      await expect(call(create())).rejects.toThrow(/vendor's service/);
    }
  });

  it('a verdict on GPUs is fetched each time', async () => {
    const collateral = create();
    const gpus = [{ arch: 'HOPPER', report: new Uint8Array(8), certChain: new Uint8Array(8) }];
    const token = (): Promise<unknown> => collateral.gpuToken(new Uint8Array(32), gpus);
    expect(await asked(() => token().then(token))).toBe(2);
    standIn.setFault('garbage');
    await expect(token()).rejects.toMatchObject({ code: 'ERR_CLIENT_COLLATERAL_WRONG' });
  });
});
