import { RateLimiterRedis } from 'rate-limiter-flexible';
import { type LimiterStore, memoryLimits } from './limiter-store.ts';

/**
 * Counters that several gateways share, in Redis or Valkey. Keys are SHA-256 of issuer and tenant: no name reaches the store,
 * though whoever guesses a name can look for it. While the store does not answer, each gateway counts by itself with the
 * same limits.
 * @param client a connected client of `ioredis`, `iovalkey` or `redis`; whoever made it closes it
 */
export function redisLimits(client: object): LimiterStore {
  return {
    createCounter: (options) =>
      new RateLimiterRedis({
        ...options,
        duration: 60,
        storeClient: client,
        useRedisPackage: 'sendCommand' in client && !('defineCommand' in client),
        rejectIfRedisNotReady: true,
        insuranceLimiter: memoryLimits.createCounter(options),
      }),
  };
}
