import type { GatewayOptions } from '@cloister/gateway';
import type { Redis } from 'ioredis';
import { redisLimits } from '@cloister/gateway/redis-limits';
import { cliError } from '../errors.ts';

/** A store of counters with its connection. */
export interface OpenLimiterStore {
  readonly store: NonNullable<GatewayOptions['limiterStore']>;
  close(): void;
}

/**
 * Connects to Redis or Valkey through `ioredis`, which is loaded only here.
 * @throws ERR_CLI_CONFIG_INVALID when the package is not installed or the server does not answer
 */
export async function openLimiterStore(url: string): Promise<OpenLimiterStore> {
  const client = await connect(url);
  if (client === undefined) throw cliError('ERR_CLI_CONFIG_INVALID', { subject: 'limiterUrl' });
  return { store: redisLimits(client), close: () => client.disconnect() };
}

/** What the client says when it fails would quote the address, which may hold a password. */
async function connect(url: string): Promise<Redis | undefined> {
  let client: Redis | undefined;
  try {
    const library = await import('ioredis');
    client = new library.Redis(url, { maxRetriesPerRequest: 1, lazyConnect: true });
    // Each gateway counts by itself while the store is away; the library says so by an event that must have a listener.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  } catch {
    client?.disconnect();
    return undefined;
  }
}
