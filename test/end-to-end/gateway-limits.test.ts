import { startSimulatedGateway } from '@cloister/example-gateway/start';
import { expect, it } from 'vitest';
import { createRawClient } from './raw-client.ts';

const chat = (model: string, more: object = {}): string =>
  JSON.stringify({ model, messages: [{ role: 'user', content: 'Say something.' }], max_tokens: 8, ...more });
const codeOf = (text: string): unknown => (JSON.parse(text) as { error: { code: unknown } }).error.code;

it('a tenant above its limit is told so under the seal, and the other tenant is not touched', async () => {
  await using running = await startSimulatedGateway({ config: { limits: { requestsPerMinute: 2 } } });
  const [raw, other] = [
    await createRawClient(running.url, running.apiKey),
    await createRawClient(running.url, running.otherApiKey),
  ];
  const body = chat(running.model);
  for (let time = 0; time < 2; time++) expect((await raw.call({ body })).status).toBe(200);
  const { bytes, sealed } = await raw.seal({ body });
  const refused = await sealed.openResponse((await raw.send(bytes)).body as ReadableStream<Uint8Array>);
  const headers = new Map(refused.head.headers);
  expect([refused.head.status, headers.get('x-should-retry')]).toEqual([429, 'true']);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  expect(codeOf(await new Response(refused.body).text())).toBe('ERR_GATEWAY_LIMIT_REACHED');
  expect((await other.call({ body })).status).toBe(200);
  expect(running.standIn?.requests.filter(({ method }) => method === 'POST')).toHaveLength(3);
});

it('tokens are reserved before the engine is asked and settled by its count', async () => {
  await using running = await startSimulatedGateway({ config: { limits: { tokensPerMinute: 2000 } } });
  const raw = await createRawClient(running.url, running.apiKey);
  const large = await raw.call({ body: chat(running.model, { max_tokens: 3000 }) });
  expect([large.status, codeOf(large.text)]).toEqual([429, 'ERR_GATEWAY_LIMIT_REACHED']);
  // Each reserves 1,500 and uses a few dozen: without the settlement the second one would not fit.
  for (let time = 0; time < 3; time++) {
    expect((await raw.call({ body: chat(running.model, { max_tokens: 1500, stop: ['.'] }) })).status).toBe(200);
  }
});

it('a caller who leaves frees the place', async () => {
  await using running = await startSimulatedGateway({
    config: { limits: { concurrentRequests: 1 } },
    standIn: { millisecondsPerGeneratedToken: 20 },
  });
  const raw = await createRawClient(running.url, running.apiKey);
  const { bytes } = await raw.seal({ body: chat(running.model, { stream: true, max_tokens: 500 }) });
  const streaming = await raw.send(bytes);
  expect(codeOf((await raw.call({ body: chat(running.model) })).text)).toBe('ERR_GATEWAY_LIMIT_REACHED');
  await streaming.body?.cancel();
  await expect.poll(async () => (await raw.call({ body: chat(running.model) })).status).toBe(200);
});
