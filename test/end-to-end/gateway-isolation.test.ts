import { attest, type Enclave } from '@cloister/client';
import { startSimulatedGateway, type SimulatedGateway } from '@cloister/example-gateway/start';
import { proveIsolation, type ProbeTarget } from '@cloister/session';
import { expect, it } from 'vitest';

const target = (enclave: Enclave, apiKey: string): ProbeTarget => ({
  baseURL: enclave.baseURL,
  fetch: enclave.fetch,
  headers: { authorization: `Bearer ${apiKey}` },
});

const enter = (running: SimulatedGateway): Promise<Enclave> =>
  attest(running.url, { policy: running.policy, roots: running.tee.roots });

it('a client proves isolation through the seal, with two principals and with one', async () => {
  await using running = await startSimulatedGateway();
  await using enclave = await enter(running);
  const own = target(enclave, running.apiKey);
  const other = target(enclave, running.otherApiKey);
  const report = await proveIsolation({ model: running.model, own, other });
  expect(report).toMatchObject({ verdict: 'isolated' });
  expect(report.engine).toMatch(/^[0-9a-f]{64}$/);
  expect(await proveIsolation({ model: running.model, own })).toMatchObject({
    verdict: 'salt-honoured',
    engine: report.engine,
  });
  running.standIn?.restart();
  expect((await proveIsolation({ model: running.model, own, other })).engine).not.toBe(report.engine);
});

it.each(['dropped', 'constant', 'connector'] as const)(
  'and sees that the salt is %s behind the gateway, which reads it',
  async (how) => {
    await using running = await startSimulatedGateway({ standIn: { fault: { kind: 'salt', how } } });
    await using enclave = await enter(running);
    const [own, other] = [target(enclave, running.apiKey), target(enclave, running.otherApiKey)];
    expect(await proveIsolation({ model: running.model, own, other })).toMatchObject({
      verdict: 'failed',
      code: 'ERR_SESSION_ISOLATION_SALT_IGNORED',
    });
  },
);

it('a gateway without a proof serves nobody, and says that it is not ready', async () => {
  const config = { isolation: {}, operationsPort: 0 };
  await using running = await startSimulatedGateway({ config, standIn: { fault: { kind: 'salt', how: 'misspelt' } } });
  await using enclave = await enter(running);
  const ask = (): Promise<Response> =>
    enclave.fetch(`${enclave.baseURL}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${running.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: running.model, messages: [{ role: 'user', content: 'Hello' }], max_tokens: 4 }),
    });
  expect(await running.gateway.proveIsolation()).toMatchObject({ code: 'ERR_SESSION_ISOLATION_SALT_MISSPELT' });
  const refusal = await ask();
  expect(refusal.status).toBe(503);
  expect(await refusal.json()).toMatchObject({ error: { code: 'ERR_GATEWAY_ISOLATION_NOT_PROVEN' } });
  expect((await fetch(`${running.gateway.operationsUrl}/readyz`)).status).toBe(503);
  running.standIn?.setFault(undefined);
  await running.gateway.proveIsolation();
  expect((await ask()).status).toBe(200);
  expect((await fetch(`${running.gateway.operationsUrl}/readyz`)).status).toBe(200);
  const metrics = await (await fetch(`${running.gateway.operationsUrl}/metrics`)).text();
  expect(metrics).toContain('cloister_isolation_proofs_total{verdict="isolated"} 1');
});
