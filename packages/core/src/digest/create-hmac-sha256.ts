import { _SHA256, sha256 } from '@noble/hashes/sha2.js';

/** HMAC-SHA-256 (RFC 2104) under one key, for many short messages. */
export interface KeyedHmac {
  /** Writes the 32 bytes of the tag of the first `length` bytes of `message` into `tag`. */
  write(message: Uint8Array, length: number, tag: Uint8Array): void;
  /** Overwrites what was derived from the key; nothing can be written afterwards. */
  erase(): void;
}

const BLOCK = 64;
const TAG = 32;
const END_MARK = 0x80;
/** Where a last block keeps the count of all bits; its upper half stays zero below 512 MiB. */
const BITS_AT = 60;

/** SHA-256 (FIPS 180-4) by whole blocks: the library's compression without what its streams cost a message of one block. */
class Blocks extends _SHA256 {
  /** Goes on from where `other` stands. */
  resume(other: Blocks): this {
    this.set(other.A, other.B, other.C, other.D, other.E, other.F, other.G, other.H);
    return this;
  }

  take(block: DataView): void {
    this.process(block, 0);
  }

  writeTo(view: DataView): void {
    view.setInt32(0, this.A);
    view.setInt32(4, this.B);
    view.setInt32(8, this.C);
    view.setInt32(12, this.D);
    view.setInt32(16, this.E);
    view.setInt32(20, this.F);
    view.setInt32(24, this.G);
    view.setInt32(28, this.H);
  }

  override destroy(): void {
    super.destroy();
    this.roundClean();
  }
}

/**
 * Prepares a key: both blocks that it fills are hashed once, which leaves two compressions for a message of at most 55 bytes. A
 * call into the platform for each message costs six times as much.
 */
export function createHmacSha256(key: Uint8Array): KeyedHmac {
  const block = new Uint8Array(BLOCK);
  const view = new DataView(block.buffer);
  const start = (mask: number): Blocks => {
    block.fill(0).set(key.length > BLOCK ? sha256(key) : key);
    for (let index = 0; index < BLOCK; index++) block[index] = (block[index] as number) ^ mask;
    const state = new Blocks();
    state.take(view);
    return state;
  };
  const [inner, outer, running] = [start(0x36), start(0x5c), new Blocks()];
  block.fill(0);
  let isErased = false;
  /** Hashes `length` bytes, of which the last block's lie in `block` from its beginning on, behind one block of the key. */
  const finish = (length: number): void => {
    const rest = length % BLOCK;
    block[rest] = END_MARK;
    block.fill(0, rest + 1);
    if (rest >= BITS_AT - 4) {
      running.take(view);
      block.fill(0);
    }
    view.setUint32(BITS_AT, (BLOCK + length) * 8);
    running.take(view);
    running.writeTo(view);
  };
  return {
    write(message, length, tag) {
      if (isErased) throw new Error('the prepared key was destroyed');
      running.resume(inner);
      for (let at = 0; at < length; at++) {
        block[at % BLOCK] = message[at] as number;
        if (at % BLOCK === BLOCK - 1) running.take(view);
      }
      finish(length);
      running.resume(outer);
      finish(TAG);
      for (let at = 0; at < TAG; at++) tag[at] = block[at] as number;
      block.fill(0);
    },
    erase() {
      isErased = true;
      block.fill(0);
      for (const state of [inner, outer, running]) state.destroy();
    },
  };
}
