import { attest } from '@cloister/client';
import { startSimulatedGateway } from '@cloister/example-gateway/start';
import { expect, it } from 'vitest';

// The gate in front of the engine, through the whole channel.

it('lets tenants take turns, and gives the engine less when it says that it is busy', async () => {
  await using running = await startSimulatedGateway({
    config: { operationsPort: 0, concurrency: { most: 2, waiting: 64 } },
    standIn: { millisecondsPerGeneratedToken: 20 },
  });
  await using enclave = await attest(running.url, { policy: running.policy, roots: running.tee.roots });
  const order: string[] = [];
  const ask = async (apiKey: string, name: string): Promise<number> => {
    const response = await enclave.fetch(`${enclave.baseURL}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: running.model, messages: [{ role: 'user', content: `The sky is ${name}. Sky?` }] }),
    });
    await response.text();
    order.push(name);
    return response.status;
  };
  const many = Array.from({ length: 16 }, () => ask(running.apiKey, 'loud'));
  await expect.poll(() => running.standIn?.counters.running).toBe(2);
  expect(await ask(running.otherApiKey, 'quiet')).toBe(200);
  // Whoever asks once does not wait for all that somebody else has asked before.
  expect(order.indexOf('quiet')).toBeLessThan(8);
  expect(new Set(await Promise.all(many))).toEqual(new Set([200]));

  const limit = async (): Promise<string | undefined> =>
    /cloister_engine_requests\{state="limit"\} (\d+)/.exec(
      await (await fetch(`${running.gateway.operationsUrl}/metrics`)).text(),
    )?.[1];
  expect(await limit()).toBe('2');
  running.standIn?.setFault({ kind: 'error', status: 503, message: 'overloaded' });
  expect(await ask(running.apiKey, 'refused')).toBe(503);
  expect(await limit()).toBe('1');
});
