import { systemRandom, toHex } from '@cloister/core';
import { Redis } from 'ioredis';
import { afterAll, describe, expect, it } from 'vitest';
import { redisLimits } from './redis-limits.ts';
import { createTenantLimits } from './tenant-limits.ts';

const url = process.env['CLOISTER_REDIS_URL'];
const caller = (tenant: string): Parameters<ReturnType<typeof createTenantLimits>['enter']>[0] => ({
  issuer: toHex(systemRandom(8)),
  tenant,
  subject: 'ada',
  groups: [],
  clearance: 'internal',
  compartments: [],
  purpose: 'treatment',
});

describe.skipIf(url === undefined)('limits in Redis or Valkey (needs CLOISTER_REDIS_URL)', () => {
  const clients: Redis[] = [];
  const connect = async (): Promise<Redis> => {
    const client = new Redis(url ?? '', { maxRetriesPerRequest: 1 });
    client.on('error', () => undefined);
    clients.push(client);
    await client.ping();
    return client;
  };
  afterAll(() => clients.forEach((client) => client.disconnect()));

  it('two gateways share what one tenant may use', async () => {
    const claims = caller('north');
    const settings = { requestsPerMinute: 3, tokensPerMinute: 100 };
    const [one, two] = [redisLimits(await connect()), redisLimits(await connect())].map((store) =>
      createTenantLimits(settings, store),
    );
    await (await one?.enter(claims))?.reserve(60);
    const slot = await two?.enter(claims);
    await expect(slot?.reserve(60)).rejects.toMatchObject({ subject: 'tokensPerMinute' });
    await slot?.reserve(40);
    await one?.enter(claims);
    await expect(two?.enter(claims)).rejects.toMatchObject({ subject: 'requestsPerMinute' });
  });

  it('without the store each gateway counts by itself', async () => {
    const client = await connect();
    client.disconnect();
    const limits = createTenantLimits({ requestsPerMinute: 1 }, redisLimits(client));
    const claims = caller('north');
    await limits.enter(claims);
    await expect(limits.enter(claims)).rejects.toMatchObject({ code: 'ERR_GATEWAY_LIMIT_REACHED' });
  });
});
