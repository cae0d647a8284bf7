import { createHmacSha256, type KeyedHmac, offHeap, systemRandom } from '@cloister/core';
import { readWords } from './digest-map.ts';
import { writeShortHash } from './short-hash.ts';

/** The key of a vault, and names for values under it. */
export interface VaultSecret {
  /** The 32 bytes of the key: the vault's own array. */
  key(): Uint8Array;
  /**
   * HMAC-SHA-256 over LP(type) || LP(value) and, from the second attempt on, four more bytes (DESIGN 6.5). The array holds the 32
   * bytes until the next call to any secret.
   */
  digest(type: string, value: string, attempt?: number): Uint8Array;
  /** Two numbers of a text under a key of their own, in an array that holds them until the next call to any secret: see {@link writeShortHash}. */
  shortHash(text: string): Int32Array;
  /** Overwrites the key and everything made of it. */
  erase(): void;
}

const encoder = new TextEncoder();
const PREFIX = 4;

// One place to write messages in, for all vaults: a vault of its own for every text must cost little. Wiped after each use.
let message: Uint8Array = new Uint8Array(1024);
let view = new DataView(message.buffer);
const tag = new Uint8Array(32);
const short = new Int32Array(2);

/**
 * The secret of a vault. Without a key one is drawn when it is first needed: most texts of most redactors hold nothing.
 * @param given 32 bytes, copied
 */
export function createVaultSecret(given?: Uint8Array): VaultSecret {
  let key: Uint8Array | undefined = given === undefined ? undefined : offHeap(Uint8Array.from(given));
  let keyed: KeyedHmac | undefined;
  const readKey = (): Uint8Array => (key ??= systemRandom(32));
  let shortKey: Int32Array | undefined;
  const digest = (type: string, value: string, attempt: number = 0): Uint8Array => {
    const length = write(type, value, attempt);
    keyed ??= createHmacSha256(readKey());
    keyed.write(message, length, tag);
    message.fill(0, 0, length);
    return tag;
  };
  return {
    key: readKey,
    digest,
    shortHash(text) {
      shortKey ??= readWords(digest('short hash', ''), new Int32Array(2));
      writeShortHash(text, shortKey, short);
      return short;
    },
    erase() {
      key?.fill(0);
      shortKey?.fill(0);
      keyed?.erase();
    },
  };
}

/** LP(type) || LP(value), and the number of the attempt when it is not the first: how many bytes of `message`. */
function write(type: string, value: string, attempt: number): number {
  // A code unit takes at most three bytes.
  const most = 3 * (type.length + value.length + PREFIX);
  if (message.length < most) {
    message = new Uint8Array(2 * most);
    view = new DataView(message.buffer);
  }
  let length = append(value, append(type, 0));
  if (attempt > 0) {
    view.setUint32(length, attempt);
    length += PREFIX;
  }
  return length;
}

function append(text: string, at: number): number {
  const from = at + PREFIX;
  let length = 0;
  // Most values are ASCII, one byte a code unit.
  for (let code = 0; length < text.length && (code = text.charCodeAt(length)) < 0x80; length++)
    message[from + length] = code;
  if (length < text.length) length = encoder.encodeInto(text, message.subarray(from)).written;
  view.setUint32(at, length);
  return from + length;
}
