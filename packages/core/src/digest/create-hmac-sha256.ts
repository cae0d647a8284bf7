import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';

/** HMAC-SHA-256 (RFC 2104) under one key, for many short messages. */
export interface KeyedHmac {
  /** Writes the 32 bytes of the tag of `message` into `tag`. */
  write(message: Uint8Array, tag: Uint8Array): void;
  /** Overwrites what was derived from the key; nothing can be written afterwards. */
  erase(): void;
}

/**
 * Prepares a key: both blocks that it fills are hashed once and copied for every message, which leaves two compressions for a
 * short one. A call into the platform for each message costs six times as much.
 */
export function createHmacSha256(key: Uint8Array): KeyedHmac {
  const prepared = hmac.create(sha256, key);
  const running = prepared.clone();
  return {
    write(message, tag) {
      prepared._cloneInto(running).update(message).digestInto(tag);
    },
    erase() {
      prepared.destroy();
      running.destroy();
    },
  };
}
