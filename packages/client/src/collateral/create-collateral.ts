import { type Clock, type GpuEvidence, systemClock, type TdxCollateral } from '@cloister/core';
import type { TrustRoots } from '@cloister/evidence';
import type { AmdLine } from '@cloister/evidence/snp';
import { encodeBundle, parseBundle } from './collateral-entry.ts';
import { type CollateralCache, type CollateralStore, createCollateralStore } from './collateral-store.ts';
import { clientError } from '../errors.ts';
import { createOcspKind, createRimKind, createTokenKeysKind, fetchGpuToken } from './nvidia-kinds.ts';
import { createServiceClient } from './service-client.ts';
import { type CollateralServices, VENDOR_SERVICES } from './services.ts';
import { createSnpChainKind, createSnpListKind, createVcekKind, type SnpChip, type SnpSigner } from './snp-kinds.ts';
import { createTdxKind } from './tdx-kind.ts';

/** How collateral is obtained. */
export interface CollateralOptions {
  /**
   * What happens when a service is down and an answer is older than `refreshAfter` but still valid. `require`: it must be
   * fetched anew, or the call fails. `cached`: it is used, and fetched anew behind the caller's back. Beyond its validity
   * no answer is ever used.
   */
  readonly whenDown: 'require' | 'cached';
  /** Age from which an answer is fetched again, ms. Default 12 h. */
  readonly refreshAfter?: number;
  /** Keeps answers beyond this process, for example `createDiskCache` of `@cloister/client/disk-cache`. */
  readonly cache?: CollateralCache;
  /** A file made by `exportBundle`. */
  readonly bundle?: Uint8Array;
  /** Never ask a service: what bundle and cache hold must do. */
  readonly offline?: boolean;
  /** Other services than the vendors' own. */
  readonly services?: Partial<CollateralServices>;
  /** Test roots, as in `attest`. */
  readonly roots?: TrustRoots;
  /** ms until one answer must be there whole. Default 15 s. */
  readonly timeout?: number;
  readonly clock?: Clock;
  readonly fetch?: typeof globalThis.fetch;
  /** Waits, ms: between tries when a service asks for patience. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

/** What evidence is judged by, from the vendors' services. All methods throw ERR_CLIENT_COLLATERAL_*. */
export interface Collateral {
  /** For the platform of a TDX quote; verified. */
  tdx(quote: Uint8Array): Promise<TdxCollateral>;
  /** A chip's certificate, DER. Whether AMD signed it is for `evidence` to say, as with all below. */
  snpChip(chip: SnpChip): Promise<Uint8Array>;
  /** Authority and root of a product line, DER. */
  snpChain(line: AmdLine, signer: SnpSigner): Promise<readonly [authority: Uint8Array, root: Uint8Array]>;
  /** Revocation list of a product line, DER. */
  snpList(line: AmdLine, signer: SnpSigner): Promise<Uint8Array>;
  /** A reference manifest, XML. @param id NVIDIA's name for it */
  gpuManifest(id: string): Promise<Uint8Array>;
  /** Status of a certificate, an OCSP response in DER. @param certificate DER; @param issuer DER */
  gpuStatus(certificate: Uint8Array, issuer: Uint8Array): Promise<Uint8Array>;
  /** NVIDIA's token keys, a JWK set. */
  gpuTokenKeys(): Promise<Uint8Array>;
  /** A remote verdict on GPUs of one architecture, JSON; never kept. @param nonce 32 bytes */
  gpuToken(nonce: Uint8Array, gpus: readonly GpuEvidence[]): Promise<Uint8Array>;
  /** All that this object has obtained and that is still valid, as one file. */
  exportBundle(): Uint8Array;
}

const HALF_DAY = 43_200_000;
const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Wires the services, a cache and a bundle. Nothing is fetched before it is needed; who needs the same at the same time
 * shares one request.
 * @throws ERR_CLIENT_COLLATERAL_BUNDLE
 */
export function createCollateral(options: CollateralOptions): Collateral {
  const { clock = systemClock, timeout = 15_000, sleep = wait, offline = false, roots } = options;
  const fetch: typeof globalThis.fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const ask = createServiceClient({ fetch, sleep, timeout, now: () => clock.now() });
  const { whenDown, cache, refreshAfter = HALF_DAY } = options;
  const store: CollateralStore = createCollateralStore({ ask, clock, cache, whenDown, offline, refreshAfter });
  if (options.bundle !== undefined) for (const entry of parseBundle(options.bundle)) store.add(entry);
  const services = { ...VENDOR_SERVICES, ...options.services };
  return {
    tdx: async (quote) => store.obtain(createTdxKind(quote, services, roots)),
    snpChip: async (chip) => store.obtain(createVcekKind(chip, services)),
    snpChain: async (line, signer) => store.obtain(createSnpChainKind(line, signer, services)),
    snpList: async (line, signer) => store.obtain(createSnpListKind(line, signer, services)),
    gpuManifest: async (id) => store.obtain(createRimKind(id, services)),
    gpuStatus: async (certificate, issuer) => store.obtain(createOcspKind(certificate, issuer, services)),
    gpuTokenKeys: async () => store.obtain(createTokenKeysKind(services)),
    async gpuToken(nonce, gpus) {
      if (offline) throw clientError('ERR_CLIENT_COLLATERAL_UNAVAILABLE', { subject: 'offline' });
      return fetchGpuToken(ask, services, nonce, gpus);
    },
    exportBundle: () => encodeBundle(store.entries()),
  };
}
