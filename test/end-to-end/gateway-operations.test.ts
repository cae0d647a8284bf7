import { startSimulatedGateway } from '@cloister/example-gateway/start';
import { expect, it } from 'vitest';
import { createRawClient } from './raw-client.ts';

const CANARY = 'canary-5f1c9a';

it('tells a supervisor its health and counts, and nothing about callers', async () => {
  await using running = await startSimulatedGateway({ config: { operationsPort: 0 } });
  const { operationsUrl } = running.gateway;
  const raw = await createRawClient(running.url, running.apiKey);
  const content = `${CANARY} says something.`;
  const body = JSON.stringify({
    model: running.model,
    messages: [{ role: 'user', content }],
    max_tokens: 8,
    user: CANARY,
  });
  for (let time = 0; time < 2; time++) expect((await raw.call({ body })).status).toBe(200);
  await raw.call({ body: '{}', path: `/${CANARY}` });
  await raw.call({ body, headers: { authorization: `Bearer ck_${CANARY}` } });

  const get = async (path: string): Promise<[number, string]> => {
    const response = await fetch(`${operationsUrl}${path}`);
    return [response.status, await response.text()];
  };
  expect(await get('/healthz')).toEqual([200, 'alive\n']);
  expect(await get('/readyz')).toEqual([200, 'ready\n']);
  expect((await get('/')).at(0)).toBe(404);
  const [status, metrics] = await get('/metrics');
  expect(status).toBe(200);
  expect(metrics).toContain('cloister_answers_total{route="/v1/chat/completions",status="200"} 2');
  expect(metrics).toContain('cloister_answers_total{route="unknown",status="404"} 1');
  expect(metrics).toContain('cloister_refusals_total{code="ERR_GATEWAY_NOT_AUTHENTICATED"} 1');
  expect(metrics).toContain('cloister_requests_in_flight 0');
  expect(metrics).toMatch(/cloister_tokens_total\{kind="output"\} [1-9]/);
  for (const secret of [CANARY, 'tenant-1', 'developer', running.model, running.apiKey]) {
    expect(metrics).not.toContain(secret);
  }
});

it('drains: lets a running answer end, takes no new caller, then is gone', async () => {
  await using running = await startSimulatedGateway({
    config: { operationsPort: 0 },
    standIn: { millisecondsPerGeneratedToken: 20 },
  });
  const raw = await createRawClient(running.url, running.apiKey);
  const messages = [{ role: 'user', content: 'Say something.' }];
  const body = JSON.stringify({ model: running.model, messages, max_tokens: 30, stream: true });
  const { bytes, sealed } = await raw.seal({ body });
  const streaming = await raw.send(bytes);
  const drained = running.gateway.drain();
  expect((await fetch(`${running.gateway.operationsUrl}/readyz`)).status).toBe(503);
  await expect(fetch(`${running.url}/.well-known/cloister/evidence`)).rejects.toThrow('fetch failed');
  const opened = await sealed.openResponse(streaming.body as ReadableStream<Uint8Array>);
  expect(await new Response(opened.body).text()).toContain('data: [DONE]');
  await drained;
  await expect(fetch(`${running.gateway.operationsUrl}/healthz`)).rejects.toThrow('fetch failed');
});

it('a drain does not wait for ever', async () => {
  await using running = await startSimulatedGateway({ standIn: { millisecondsPerGeneratedToken: 1000 } });
  const raw = await createRawClient(running.url, running.apiKey);
  const messages = [{ role: 'user', content: 'Say something.' }];
  const body = JSON.stringify({ model: running.model, messages, max_tokens: 30, stream: true });
  const { bytes, sealed } = await raw.seal({ body });
  const streaming = await raw.send(bytes);
  await running.gateway.drain(50);
  const cut = (async () => {
    const opened = await sealed.openResponse(streaming.body as ReadableStream<Uint8Array>);
    await new Response(opened.body).text();
  })();
  await expect(cut).rejects.toMatchObject({ code: 'ERR_CHANNEL_TRUNCATED' });
});
