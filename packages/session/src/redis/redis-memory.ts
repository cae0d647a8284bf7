import { sessionError } from '../errors.ts';
import { MOST_SEALED_BYTES, MOST_TURNS, type MemoryStore } from '../memory/memory-store.ts';

/** What is used of a client of `ioredis` or `iovalkey`. */
export interface RedisClient {
  callBuffer(command: string, ...parts: (string | number | Buffer)[]): Promise<unknown>;
}

/** One step on the server, so that two writers never both add the same turn. */
const APPEND = `
  if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('LLEN', KEYS[2]) ~= tonumber(ARGV[1]) - 1 then return 0 end
  redis.call('RPUSH', KEYS[2], ARGV[2])
  redis.call('PEXPIREAT', KEYS[1], ARGV[3])
  redis.call('PEXPIREAT', KEYS[2], ARGV[3])
  return 1`;

/** Both keys of a session lie in one slot of a cluster. */
const keysOf = (name: string): readonly [header: string, turns: string] => [
  `cloister:memory:{${name}}:header`,
  `cloister:memory:{${name}}:turns`,
];

/**
 * Sealed turns in Redis or Valkey, shared by all processes. The server forgets a session by itself when it is over. How
 * durable a turn is, is the server's setting (`appendfsync always` for each).
 * @param client a connected client; whoever made it closes it
 * @throws (from its methods) CloisterError `ERR_SESSION_STORE`
 */
export function redisMemory(client: RedisClient): MemoryStore {
  const call = async (command: string, ...parts: (string | number | Buffer)[]): Promise<unknown> => {
    try {
      return await client.callBuffer(command, ...parts);
    } catch {
      throw sessionError('ERR_SESSION_STORE');
    }
  };
  return {
    async get(name) {
      const value = await call('GET', keysOf(name)[0]);
      return value instanceof Uint8Array ? value : undefined;
    },
    async put(name, header, expiresAt) {
      return (await call('SET', keysOf(name)[0], Buffer.from(header), 'PXAT', Math.ceil(expiresAt), 'NX')) !== null;
    },
    async append(name, number, sealed, expiresAt) {
      const parts = [number, Buffer.from(sealed), Math.ceil(expiresAt)];
      return (await call('EVAL', APPEND, 2, ...keysOf(name), ...parts)) === 1;
    },
    async list(name) {
      const values = await call('LRANGE', keysOf(name)[1], 0, MOST_TURNS);
      if (!Array.isArray(values)) throw sessionError('ERR_SESSION_STORE');
      const isTurn = (value: unknown): value is Buffer =>
        value instanceof Uint8Array && value.length <= MOST_SEALED_BYTES;
      return values.map((value: unknown) => (isTurn(value) ? value : new Uint8Array(0)));
    },
    async delete(name) {
      // The server forgets at once and frees the room on the side.
      await call('UNLINK', ...keysOf(name));
    },
  };
}
