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
const WORDS = 8;
const END_MARK = 0x80;
/** Where a last block keeps the count of all bits; its upper half stays zero below 512 MiB. */
const BITS_AT = 60;

/** SHA-256 (FIPS 180-4) by whole blocks: the library's compression without what its streams cost a message of one block. */
class Blocks extends _SHA256 {
  /** Goes on from the state that `words` hold from `at` on. */
  load(words: Int32Array, at: number): void {
    const word = (index: number): number => words[at + index] as number;
    this.set(word(0), word(1), word(2), word(3), word(4), word(5), word(6), word(7));
  }

  store(words: Int32Array, at: number): void {
    words.set(this.get(), at);
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

  /** Overwrites the state and the schedule of the last block. */
  wipe(): void {
    this.set(0, 0, 0, 0, 0, 0, 0, 0);
    this.roundClean();
  }
}

// One place to hash in, for all keys: a prepared key is sixteen numbers. No key and no message stays in it.
const running: Blocks = new Blocks();
const initial = new Int32Array(WORDS);
running.store(initial, 0);
const block: Uint8Array = new Uint8Array(BLOCK);
const view: DataView = new DataView(block.buffer);

/**
 * Prepares a key: both blocks that it fills are hashed once, which leaves two compressions for a message of at most 55 bytes. A
 * call into the platform for each message costs six times as much.
 */
export function createHmacSha256(key: Uint8Array): KeyedHmac {
  const states = new Int32Array(2 * WORDS);
  const bytes = key.length > BLOCK ? sha256(key) : key;
  prepare(bytes, 0x36, states, 0);
  prepare(bytes, 0x5c, states, WORDS);
  let isErased = false;
  return {
    write(message, length, tag) {
      if (isErased) throw new Error('the prepared key was destroyed');
      running.load(states, 0);
      for (let at = 0; at < length; at++) {
        block[at % BLOCK] = message[at] as number;
        if (at % BLOCK === BLOCK - 1) running.take(view);
      }
      finish(length);
      running.load(states, WORDS);
      finish(TAG);
      for (let at = 0; at < TAG; at++) tag[at] = block[at] as number;
      // Of the message nothing is left: the second hash has written over it.
      block.fill(0);
    },
    erase() {
      isErased = true;
      states.fill(0);
      running.wipe();
    },
  };
}

/** Hashes a key under its mask and puts the state away. */
function prepare(key: Uint8Array, mask: number, states: Int32Array, at: number): void {
  for (let index = 0; index < BLOCK; index++) block[index] = (key[index] ?? 0) ^ mask;
  running.load(initial, 0);
  running.take(view);
  running.store(states, at);
  running.wipe();
  block.fill(0);
}

/** Ends a message of `length` bytes behind one block of the key; what did not fill a block lies in `block`. The digest lies there then. */
function finish(length: number): void {
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
}
