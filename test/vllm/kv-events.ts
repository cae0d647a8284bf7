import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { decode } from '@msgpack/msgpack';
import { toHex } from '@cloister/core';
import { createBlockHashes } from '@cloister/simulator/vllm';

/** Blocks that an engine has put into its prefix cache, as its KV events tell. */
export interface StoredBlocks {
  /** Hex: 32 bytes, or the low 8 where the engine shortens them. */
  readonly hashes: readonly string[];
  /** The block before the first; `undefined` at the start of a prompt. */
  readonly parent: string | undefined;
  readonly tokens: readonly number[];
  readonly blockSize: number;
}

/** The `BlockStored` events in one message of an engine (vLLM's `KVEventBatch` in MessagePack). */
export function decodeKvEvents(payload: Uint8Array): StoredBlocks[] {
  const [, events] = decode(payload, { useBigInt64: true }) as [unknown, Record<string, unknown>[]];
  return events
    .filter(({ type }) => type === 'BlockStored')
    .map((event) => ({
      hashes: (event['block_hashes'] as unknown[]).map(hashHex),
      parent: event['parent_block_hash'] === null ? undefined : hashHex(event['parent_block_hash']),
      tokens: (event['token_ids'] as (number | bigint)[]).map(Number),
      blockSize: Number(event['block_size']),
    }));
}

/** Small integers come as numbers, larger ones as big integers, whole hashes as bytes. */
function hashHex(hash: unknown): string {
  if (hash instanceof Uint8Array) return Buffer.from(hash).toString('hex');
  return BigInt.asUintN(64, BigInt(hash as number | bigint))
    .toString(16)
    .padStart(16, '0');
}

/**
 * The stand-in's hashes for stored blocks, as long as the engine's, for PYTHONHASHSEED=0.
 * @param prefix the tokens of the blocks before
 */
export function hashesOf(
  { hashes, tokens, blockSize }: StoredBlocks,
  salt: string | undefined,
  prefix: readonly number[] = [],
): string[] {
  const all = createBlockHashes([...prefix, ...tokens], {
    blockSize,
    seed: '0',
    ...(salt === undefined ? {} : { salt }),
  });
  return all.slice(prefix.length / blockSize).map((hash) => toHex(hash).slice(-(hashes[0]?.length ?? 64)));
}

const GREETING = Buffer.concat([
  Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 0]),
  Buffer.from('NULL'.padEnd(20, '\0')),
  Buffer.alloc(32),
]);
const READY = Buffer.from('\x05READY\x0bSocket-Type\0\0\0\x03SUB', 'latin1');
const SUBSCRIBE = Buffer.from([0, 1, 1]);
const [MORE, LONG, COMMAND] = [1, 2, 4] as const;

/**
 * Listens where a publisher connects to (ZMTP 3.0, RFC 23 of ZeroMQ, without security) and subscribes to everything. An engine
 * that publishes to a loopback address connects, so that the subscriber is the one that listens.
 * @param onMessage told the last frame of each message: vLLM sends topic, number and payload
 */
export async function subscribe(port: number, onMessage: (payload: Uint8Array) => void): Promise<AsyncDisposable> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.write(GREETING);
    socket.write(Buffer.concat([Buffer.from([COMMAND, READY.length]), READY]));
    socket.write(SUBSCRIBE);
    let bytes: Buffer = Buffer.alloc(0);
    let isGreeted = false;
    socket.on('data', (piece) => {
      bytes = Buffer.concat([bytes, piece]);
      if (!isGreeted && bytes.length < GREETING.length) return;
      if (!isGreeted) bytes = bytes.subarray(GREETING.length);
      isGreeted = true;
      bytes = readFrames(bytes, onMessage);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** @returns what is not a whole frame yet */
function readFrames(bytes: Buffer, onMessage: (payload: Uint8Array) => void): Buffer {
  for (let left = bytes; ;) {
    const flags = left[0] ?? 0;
    const head = (flags & LONG) === 0 ? 2 : 9;
    if (left.length < head) return left;
    const length = head === 2 ? (left[1] ?? 0) : Number(left.readBigUInt64BE(1));
    if (left.length < head + length) return left;
    if ((flags & (MORE | COMMAND)) === 0) onMessage(left.subarray(head, head + length));
    left = left.subarray(head + length);
  }
}
