import { KEM, parseKeyConfig } from '@cloister/channel';
import type { KeyConfig } from '@cloister/channel';
import { fromUtf8 } from '@cloister/core';
import { appraise } from '@cloister/evidence';
import type { EnclaveIdentity, Keyset, Verified } from '@cloister/evidence';
import type { ResolvedOptions } from './attest-options.ts';
import { clientError } from './errors.ts';
import { fetchEvidence } from './fetch-evidence.ts';

/** What the channel can seal to; the keyset's own order decides, and it is attested. */
const KEMS: readonly number[] = Object.values(KEM);

/** What a verdict was made from: with policy, roots and time a second process repeats it bit for bit. */
export interface EvidenceRecord {
  /** The bundle as it was served, JSON. */
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
  /** The key to seal to. */
  readonly config: KeyConfig;
  /** When that was, by both clocks, in ms. */
  readonly wall: number;
  readonly steady: number;
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
  return {
    get latest() {
      return latest;
    },
    async current() {
      return latest !== undefined && holds(options, latest) ? latest : shared();
    },
    async renew(old) {
      return latest !== undefined && latest !== old && holds(options, latest) ? latest : shared();
    },
  };
}

/** Both clocks must agree that time is left: the wall clock can be set back, the steady one can miss a sleep. */
function holds(options: ResolvedOptions, { identity, wall, steady }: Attested): boolean {
  const isWithinWall = options.clock.now() < identity.expiresAt;
  return isWithinWall && options.monotonic() - steady < identity.expiresAt - wall;
}

async function verifyEnclave(options: ResolvedOptions): Promise<Attested> {
  const steady = options.monotonic();
  const nonce = options.random(32);
  const { bundle, text } = await fetchEvidence(options, nonce);
  const arrived = options.monotonic();
  options.onTrace({ step: 'evidence', milliseconds: arrived - steady, bytes: text.length });
  const collateral = bundle.cpu.tee === 'tdx' ? await options.collateral?.tdx(bundle.cpu.quote) : undefined;
  const wall = options.clock.now();
  const identity = await appraise(bundle, options.policy, { now: wall, nonce, roots: options.roots, collateral });
  if (identity.simulated && options.roots === undefined) throw clientError('ERR_CLIENT_SIMULATED');
  const config = chooseKey(identity.keyset);
  options.onTrace({ step: 'appraise', milliseconds: options.monotonic() - arrived, bytes: 0 });
  const evidence = Object.freeze({ bundle: fromUtf8(text), nonce, verifiedAt: wall });
  return Object.freeze({ identity, evidence, config, wall, steady: arrived });
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
