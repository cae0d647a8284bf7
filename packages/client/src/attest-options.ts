import { transport } from '#transport';
import type { Clock, RandomSource } from '@cloister/core';
import { systemClock, systemRandom } from '@cloister/core';
import { parseEvidencePolicy } from '@cloister/evidence';
import type { EvidencePolicy, TrustRoots } from '@cloister/evidence';
import type { NvidiaRoots, ReferenceMeasurements } from '@cloister/evidence/nvidia';
import type { Collateral } from './collateral/create-collateral.ts';
import { clientError } from './errors.ts';
import type { TraceListener } from './trace.ts';
import { fetchTransport } from './transport/fetch-transport.ts';
import type { Transport } from './transport/types.ts';

/** Verifies a reference manifest of NVIDIA. @param manifest XML as served; `statuses` are OCSP responses about its signers */
export type ManifestVerifier = (
  manifest: Uint8Array,
  options: {
    readonly now: number;
    readonly roots: NvidiaRoots | undefined;
    readonly statuses: readonly Uint8Array[] | undefined;
  },
) => Promise<ReferenceMeasurements>;

/** What `attest` needs to know. */
export interface AttestOptions {
  /** What the enclave must prove. It has to pin the workload and the deployment. */
  readonly policy: EvidencePolicy;
  /** Test roots, for a simulated TEE. Without them only the vendor's root counts. */
  readonly roots?: TrustRoots;
  /** What happens to an answer (status below 400) without a receipt: `required` (default) fails its body, `optional` does not. */
  readonly receipts?: 'required' | 'optional';
  /** Largest request body in bytes. Default 64 MiB. */
  readonly maxRequestBytes?: number;
  /**
   * Where collateral comes from; without it, what the gateway sends along must do. Both are verified alike. GPUs
   * take this in any case, and a SEV-SNP guest whose gateway sends no revocation list along.
   */
  readonly collateral?: Collateral;
  /**
   * `verifyReferenceManifest` of `@cloister/evidence/rim`: needed where the policy judges GPUs by their own reports alone.
   * It brings an XML parser along, so it is handed in.
   */
  readonly verifyManifest?: ManifestVerifier;
  /**
   * How streamed answers are to leave the enclave: `coalesce` in few pieces, `frames` in pieces of one size and one rhythm,
   * at about 11 KiB/s. With either, requests and whole answers are padded, so that their lengths tell a bucket alone: the
   * next power of two from 1 KiB to 1 MiB. Default: neither; a request may ask for itself by the header
   * `cloister-stream-shape`.
   */
  readonly streamShape?: 'off' | 'coalesce' | 'frames';
  /**
   * How often in a row a broken connection is replaced, so that an answer goes on where it stopped without being generated
   * again; its connection may then break and come back any number of times. The gateway must keep answers (`resume` of its
   * configuration). With it, an abort is told to the enclave by a request of its own. Default 0: a break is an error.
   */
  readonly resumeAttempts?: number;
  readonly clock?: Clock;
  /** A clock in ms that only goes forward. Default `performance.now`. */
  readonly monotonic?: () => number;
  readonly random?: RandomSource;
  /**
   * A relay (RFC 9458) between this client and the enclave, so that neither sees both who asks and the rest: an address
   * under which `/.well-known/cloister/evidence` and `/.well-known/ohttp-gateway` lead to the enclave's. It is trusted with
   * nothing but sizes and times. No final slash.
   */
  readonly relay?: string;
  /**
   * Makes a fetch that speaks TLS only to the holder of a key, given as SHA-256 of its SubjectPublicKeyInfo, 32 bytes:
   * `createPinnedFetch` of `@cloister/client/node`. Used when the attested keyset names such a key and no relay ends TLS.
   */
  readonly pinnedFetch?: (spkiSha256: Uint8Array) => typeof globalThis.fetch;
  /** What carries evidence and sealed bytes. Default the platform's fetch, in Node its own HTTP client for sealed bytes. */
  readonly fetch?: typeof globalThis.fetch;
  readonly onTrace?: TraceListener;
}

/** The options with every default filled in. */
export interface ResolvedOptions extends Required<
  Omit<AttestOptions, 'roots' | 'collateral' | 'verifyManifest' | 'relay' | 'pinnedFetch'>
> {
  readonly roots: TrustRoots | undefined;
  readonly collateral: Collateral | undefined;
  readonly verifyManifest: ManifestVerifier | undefined;
  readonly pinnedFetch: ((spkiSha256: Uint8Array) => typeof globalThis.fetch) | undefined;
  /** What carries sealed bytes, unless a TLS key is pinned. */
  readonly transport: Transport;
  /** Where requests go: the relay, or the enclave itself. No final slash. */
  readonly carrier: string;
  /** Scheme, host and port of the enclave. */
  readonly origin: string;
}

/**
 * Checks the address and the policy and fills in the defaults.
 * @throws ERR_CLIENT_URL_INVALID, and of `evidence` ERR_EVIDENCE_POLICY_INVALID, ERR_EVIDENCE_POLICY_UNPINNED
 */
export function resolveOptions(url: string, options: AttestOptions): ResolvedOptions {
  const origin = parseOrigin(url);
  return {
    receipts: 'required',
    streamShape: 'off',
    resumeAttempts: 0,
    maxRequestBytes: 67_108_864,
    clock: systemClock,
    monotonic: () => performance.now(),
    random: systemRandom,
    fetch: (input, init) => globalThis.fetch(input, init),
    transport: options.fetch === undefined ? transport : fetchTransport(options.fetch),
    onTrace: () => undefined,
    ...options,
    policy: parseEvidencePolicy(options.policy),
    roots: options.roots,
    collateral: options.collateral,
    verifyManifest: options.verifyManifest,
    pinnedFetch: options.relay === undefined ? options.pinnedFetch : undefined,
    origin,
    carrier: options.relay === undefined ? origin : parseRelay(options.relay),
  };
}

function parseOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  const isBare =
    url?.username === '' && url.password === '' && url.pathname === '/' && url.search === '' && url.hash === '';
  if (url === undefined || !isWeb || !isBare) throw clientError('ERR_CLIENT_URL_INVALID');
  return url.origin;
}

function parseRelay(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (url === undefined || !isWeb || url.username !== '' || url.password !== '' || /[?#]/.test(text))
    throw clientError('ERR_CLIENT_URL_INVALID', { subject: 'relay' });
  return url.href.replace(/\/$/, '');
}
