import type { Clock, RandomSource } from '@cloister/core';
import { systemClock, systemRandom } from '@cloister/core';
import { parseEvidencePolicy } from '@cloister/evidence';
import type { EvidencePolicy, TrustRoots } from '@cloister/evidence';
import type { Collateral } from './collateral/create-collateral.ts';
import { clientError } from './errors.ts';
import type { TraceListener } from './trace.ts';

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
  /** Where collateral comes from; without it, what the gateway sends along must do. Both are verified alike. */
  readonly collateral?: Collateral;
  readonly clock?: Clock;
  /** A clock in ms that only goes forward. Default `performance.now`. */
  readonly monotonic?: () => number;
  readonly random?: RandomSource;
  /** What carries sealed bytes. Default the platform's fetch. */
  readonly fetch?: typeof globalThis.fetch;
  readonly onTrace?: TraceListener;
}

/** The options with every default filled in. */
export interface ResolvedOptions extends Required<Omit<AttestOptions, 'roots' | 'collateral'>> {
  readonly roots: TrustRoots | undefined;
  readonly collateral: Collateral | undefined;
  /** Scheme, host and port of the enclave. */
  readonly origin: string;
}

/**
 * Checks the address and the policy and fills in the defaults.
 * @throws ERR_CLIENT_URL_INVALID, and of `evidence` ERR_EVIDENCE_POLICY_INVALID, ERR_EVIDENCE_POLICY_UNPINNED
 */
export function resolveOptions(url: string, options: AttestOptions): ResolvedOptions {
  return {
    receipts: 'required',
    maxRequestBytes: 67_108_864,
    clock: systemClock,
    monotonic: () => performance.now(),
    random: systemRandom,
    fetch: (input, init) => globalThis.fetch(input, init),
    onTrace: () => undefined,
    ...options,
    policy: parseEvidencePolicy(options.policy),
    roots: options.roots,
    collateral: options.collateral,
    origin: parseOrigin(url),
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
