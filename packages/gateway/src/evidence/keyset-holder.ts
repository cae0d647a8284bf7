import { generateKeyPairSync, sign } from 'node:crypto';
import type { Clock } from '@cloister/core';
import { fromBase64url, sha256, toHex } from '@cloister/core';
import { createReceiverKey, KEM } from '@cloister/channel';
import type { ReceiverKey } from '@cloister/channel';
import { encodeKeyset } from '@cloister/evidence';

/** Old and new keyset are both served for this long, in ms. */
export const KEYSET_OVERLAP = 300_000;

/** X-Wing stays safe while either of its halves does; X25519 alone is for clients without ML-KEM. */
const KEMS = [KEM.xwing, KEM.x25519] as const;

/** One keyset with its secrets, which exist in this process's memory alone. */
export interface HeldKeyset {
  /** The exact bytes that evidence commits to. */
  readonly bytes: Uint8Array;
  /** SHA-256 of `bytes`. */
  readonly digest: Uint8Array;
  /** One key for each KEM, the most preferred first (DESIGN 6.2). */
  readonly receiverKeys: readonly ReceiverKey[];
  /** Ed25519 signature (RFC 8032) by the receipt key: 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
  /** ms since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/** Makes keysets in time and drops them in time. */
export interface KeysetHolder {
  /** The keyset to attest now; makes the next one five minutes before the last one ends. */
  current(): Promise<HeldKeyset>;
  /** The living keyset with this digest (64 lower-case hex digits). */
  find(digest: string): HeldKeyset | undefined;
  /** Destroys every key. */
  close(): void;
}

/** What a holder needs. */
export interface KeysetHolderOptions {
  readonly deployment: Uint8Array;
  /** Life of a keyset in ms, at most one hour. */
  readonly lifetime: number;
  readonly clock: Clock;
}

/** Creates the holder; the first keyset is made on the first call of `current`. */
export function createKeysetHolder(options: KeysetHolderOptions): KeysetHolder {
  const held = new Map<string, HeldKeyset>();
  let newest: HeldKeyset | undefined;
  let making: Promise<HeldKeyset> | undefined;
  let closed = false;
  const dropEnded = (): void => {
    const now = options.clock.now();
    for (const [name, keyset] of held) if (closed || now >= keyset.notAfter) drop(name, keyset);
  };
  const drop = (name: string, keyset: HeldKeyset): void => {
    held.delete(name);
    for (const key of keyset.receiverKeys) key.destroy();
  };
  const make = async (): Promise<HeldKeyset> => {
    newest = await createKeyset(options);
    held.set(toHex(newest.digest), newest);
    return newest;
  };
  return {
    async current() {
      dropEnded();
      if (newest !== undefined && options.clock.now() < newest.notAfter - KEYSET_OVERLAP) return newest;
      making ??= make().finally(() => (making = undefined));
      return making;
    },
    find(digest) {
      dropEnded();
      return held.get(digest);
    },
    close() {
      closed = true;
      dropEnded();
    },
  };
}

async function createKeyset(options: KeysetHolderOptions): Promise<HeldKeyset> {
  const receiverKeys = await Promise.all(KEMS.map((kem) => createReceiverKey({ kem })));
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const notBefore = options.clock.now();
  const notAfter = notBefore + options.lifetime;
  const bytes = encodeKeyset({
    version: 1,
    configs: receiverKeys.map(({ config }) => config),
    receiptKey: fromBase64url(publicKey.export({ format: 'jwk' }).x ?? ''),
    deployment: options.deployment,
    notBefore,
    notAfter,
  });
  return {
    bytes,
    digest: sha256(bytes),
    receiverKeys,
    sign: (message) => new Uint8Array(sign(null, message, privateKey)),
    notBefore,
    notAfter,
  };
}
