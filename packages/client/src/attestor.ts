import { KEM, parseKeyConfig } from '@cloister/channel';
import type { KeyConfig } from '@cloister/channel';
import { fromUtf8, toHex } from '@cloister/core';
import { appraise, encodeEvidenceBundle } from '@cloister/evidence';
import type { EnclaveIdentity, Keyset, Verified } from '@cloister/evidence';
import type { ResolvedOptions } from './attest-options.ts';
import { gatherCollateral } from './collateral/gather-collateral.ts';
import { clientError } from './errors.ts';
import { fetchEvidence } from './fetch-evidence.ts';
import { fetchTransport } from './transport/fetch-transport.ts';
import type { Transport } from './transport/types.ts';

/** What the channel can seal to; the keyset's own order decides, and it is attested. */
const KEMS: readonly number[] = Object.values(KEM);

/** The part of its life after which an identity is renewed in the background, and how far chance spreads that. */
const RENEWAL_START = 0.75;
const RENEWAL_SPREAD = 0.15;
/** ms between two tries in the background. */
const RENEWAL_PAUSE = 10_000;

/** What a verdict was made from: with policy, roots, collateral and time a second process repeats it bit for bit. */
export interface EvidenceRecord {
  /** The bundle, JSON: as it was served, or with NVIDIA's token added where the client had to fetch it. */
  readonly bundle: string;
  /** The nonce that was sent, 32 bytes. */
  readonly nonce: Uint8Array;
  /** The verification time, ms since the epoch. */
  readonly verifiedAt: number;
}

/** An enclave as it was verified at one moment. */
export interface Attested {
  readonly identity: Verified<EnclaveIdentity>;
  readonly evidence: EvidenceRecord;
  /** Digests that every request and receipt names, lower-case hex. */
  readonly digests: { readonly keyset: string; readonly evidence: string; readonly policy: string };
  /** The key to seal to. */
  readonly config: KeyConfig;
  /** What carries sealed requests: bound to the attested TLS key when there is one and this platform can. */
  readonly transport: Transport;
  /** When that was, by both clocks, in ms. */
  readonly wall: number;
  readonly steady: number;
  /** The age at which a newer one is fetched in the background, ms: random, so that many clients do not come at once. */
  readonly renewAfter: number;
}

/** Keeps a verified identity, and replaces it when it ends. */
export interface Attestor {
  /** The identity last verified, expired or not. */
  readonly latest: Attested | undefined;
  /** An identity that holds now. Callers that need a new one at the same time share it. */
  current(): Promise<Attested>;
  /** One that is newer than `old`, which the enclave did not accept. */
  renew(old: Attested): Promise<Attested>;
}

/** Creates the keeper; nothing is fetched before the first call. */
export function createAttestor(options: ResolvedOptions): Attestor {
  let latest: Attested | undefined;
  let pending: Promise<Attested> | undefined;
  const verify = async (): Promise<Attested> => {
    const attested = await verifyEnclave(options);
    if (!holds(options, attested)) throw clientError('ERR_CLIENT_IDENTITY_EXPIRED');
    return (latest = attested);
  };
  const shared = (): Promise<Attested> => (pending ??= verify().finally(() => (pending = undefined)));
  let triedAt = Number.NEGATIVE_INFINITY;
  /** Requests drive it: an enclave that is not used asks nobody. A failure is tried again, not at every request. */
  const renewBehind = (attested: Attested): void => {
    const steady = options.monotonic();
    if (ageOf(options, attested) < attested.renewAfter || steady - triedAt < RENEWAL_PAUSE) return;
    triedAt = steady;
    shared().catch(() => undefined);
  };
  return {
    get latest() {
      return latest;
    },
    async current() {
      if (latest === undefined || !holds(options, latest)) return shared();
      renewBehind(latest);
      return latest;
    },
    async renew(old) {
      return latest !== undefined && latest !== old && holds(options, latest) ? latest : shared();
    },
  };
}

/** The larger age of the two clocks', ms: the wall clock can be set back, the steady one can miss a sleep. */
function ageOf(options: ResolvedOptions, { wall, steady }: Attested): number {
  return Math.max(options.clock.now() - wall, options.monotonic() - steady);
}

function holds(options: ResolvedOptions, attested: Attested): boolean {
  return ageOf(options, attested) < attested.identity.expiresAt - attested.wall;
}

async function verifyEnclave(options: ResolvedOptions): Promise<Attested> {
  const steady = options.monotonic();
  const nonce = options.random(32);
  const { bundle: served, text } = await fetchEvidence(options, nonce);
  const arrived = options.monotonic();
  options.onTrace({ step: 'evidence', milliseconds: arrived - steady, bytes: text.length });
  const { bundle, ...material } = await gatherCollateral(served, options);
  const wall = options.clock.now();
  const identity = await appraise(bundle, options.policy, { now: wall, nonce, roots: options.roots, ...material });
  if (identity.simulated && options.roots === undefined) throw clientError('ERR_CLIENT_SIMULATED');
  const config = chooseKey(identity.keyset);
  options.onTrace({ step: 'appraise', milliseconds: options.monotonic() - arrived, bytes: 0 });
  const judged = bundle === served ? fromUtf8(text) : encodeEvidenceBundle(bundle);
  const evidence = Object.freeze({ bundle: judged, nonce, verifiedAt: wall });
  const { keysetDigest, evidenceDigest, policyDigest } = identity;
  const digests = Object.freeze({
    keyset: toHex(keysetDigest),
    evidence: toHex(evidenceDigest),
    policy: toHex(policyDigest),
  });
  const transport = chooseTransport(options, identity.keyset);
  const renewAfter =
    (identity.expiresAt - wall) * (RENEWAL_START + RENEWAL_SPREAD * ((options.random(1)[0] ?? 0) / 256));
  return Object.freeze({ identity, evidence, digests, config, transport, wall, steady: arrived, renewAfter });
}

function chooseTransport({ transport, pinnedFetch, origin }: ResolvedOptions, { tlsSpkiSha256 }: Keyset): Transport {
  const isPinned = pinnedFetch !== undefined && tlsSpkiSha256 !== undefined && origin.startsWith('https:');
  return isPinned ? fetchTransport(pinnedFetch(tlsSpkiSha256)) : transport;
}

/** The first key configuration that both ends understand. */
function chooseKey(keyset: Keyset): KeyConfig {
  for (const bytes of keyset.configs) {
    try {
      const config = parseKeyConfig(bytes);
      if (KEMS.includes(config.kem)) return config;
    } catch {
      // A configuration that this version cannot read is one for newer clients.
    }
  }
  throw clientError('ERR_CLIENT_KEYSET_UNUSABLE');
}
