import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** A key pair of the simulated vendor. Lives in memory only. */
export interface RsaKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** The vendor's two keys. */
export interface RsaKeys {
  /** Of the ARK. */
  readonly root: RsaKey;
  /** Of the ASK or ASVK. */
  readonly authority: RsaKey;
}

async function generate(): Promise<RsaKeys> {
  const make = (): Promise<RsaKey> => promisify(generateKeyPair)('rsa', { modulusLength: 4096 });
  const [root, authority] = await Promise.all([make(), make()]);
  return { root, authority };
}

let keys: Promise<RsaKeys> | undefined;

/** Makes them on first use and keeps them for the process: it takes about a second, and certificates tell platforms apart. */
export function loadRsaKeys(): Promise<RsaKeys> {
  return (keys ??= generate());
}
