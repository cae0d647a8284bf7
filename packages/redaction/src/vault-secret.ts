import { createHmacSha256, type KeyedHmac, systemRandom } from '@cloister/core';
import { toCodeUnits } from './code-units.ts';

/** The key of a vault, and names for values under it. */
export interface VaultSecret {
  /** The 32 bytes of the key: the vault's own array. */
  key(): Uint8Array;
  /**
   * HMAC-SHA-256 over LP(type) || LP(value) and, from the second attempt on, four more bytes (DESIGN 6.5). The array holds the 32
   * bytes until the next call.
   */
  digest(type: string, value: string, attempt?: number): Uint8Array;
  /** Overwrites the key and everything made of it. */
  erase(): void;
}

const encoder = new TextEncoder();
const PREFIX = 4;

/**
 * The secret of a vault. Without a key one is drawn when it is first needed: most texts of most redactors hold nothing.
 * @param given 32 bytes, copied
 */
export function createVaultSecret(given?: Uint8Array): VaultSecret {
  let key: Uint8Array | undefined = given === undefined ? undefined : Uint8Array.from(given);
  let keyed: KeyedHmac | undefined;
  let message: Uint8Array = new Uint8Array(256);
  let view = new DataView(message.buffer);
  const tag = new Uint8Array(32);
  const readKey = (): Uint8Array => (key ??= systemRandom(32));
  const reserve = (length: number): void => {
    if (message.length >= length) return;
    message.fill(0);
    message = new Uint8Array(2 * length);
    view = new DataView(message.buffer);
  };
  const append = (text: string, at: number): number => {
    const { written } = encoder.encodeInto(text, message.subarray(at + PREFIX));
    view.setUint32(at, written);
    return at + PREFIX + written;
  };
  const digest = (type: string, value: string, attempt = 0): Uint8Array => {
    // A code unit takes at most three bytes.
    reserve(3 * (type.length + value.length + PREFIX));
    let length = append(value, append(type, 0));
    if (attempt > 0) {
      view.setUint32(length, attempt);
      length += PREFIX;
    }
    (keyed ??= createHmacSha256(readKey())).write(message.subarray(0, length), tag);
    return tag;
  };
  return {
    key: readKey,
    digest,
    erase() {
      key?.fill(0);
      keyed?.erase();
      message.fill(0);
      tag.fill(0);
    },
  };
}

/** The 32 bytes of a digest as 16 code units: a key for maps that is a quarter of its digits. */
export function nameOf(digest: Uint8Array): string {
  const units = digest.byteOffset % 2 === 0 ? digest : Uint8Array.from(digest);
  // The type of the call knows arrays only.
  return String.fromCharCode.apply(
    undefined,
    new Uint16Array(units.buffer, units.byteOffset, units.length / 2) as unknown as number[],
  );
}

/** The digest that a name of this process was made of. */
export function digestIn(name: string): Uint8Array {
  return new Uint8Array(toCodeUnits(name).buffer);
}
