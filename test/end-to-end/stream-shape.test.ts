import { attest } from '@cloister/client';
import { startSimulatedGateway } from '@cloister/example-gateway/start';
import { createTcpTap } from '@cloister/simulator/network';
import { OpenAI } from 'openai';
import { expect, it } from 'vitest';

it.each(['coalesce', 'frames'] as const)(
  'an unchanged client reads the same answer in the shape %s',
  async (streamShape) => {
    await using running = await startSimulatedGateway();
    const options = { policy: running.policy, roots: running.tee.roots };
    await using plain = await attest(running.url, options);
    await using shaped = await attest(running.url, { ...options, streamShape });
    const ask = async ({ baseURL, fetch }: typeof plain): Promise<string> => {
      const openai = new OpenAI({ baseURL, apiKey: running.apiKey, fetch });
      const messages = [{ role: 'user' as const, content: 'The ferry leaves at nine. When does the ferry leave?' }];
      const stream = await openai.chat.completions.create({
        model: running.model,
        messages,
        stream: true,
        temperature: 0,
      });
      let text = '';
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
      return text;
    };
    const answer = await ask(plain);
    expect(answer.length).toBeGreaterThan(10);
    expect(await ask(shaped)).toBe(answer);
  },
);

it('requests and answers in one piece have the length of their bucket', async () => {
  await using running = await startSimulatedGateway();
  const tap = await createTcpTap(running.url);
  const { policy, tee, apiKey, model } = running;
  await using enclave = await attest(tap.url, { policy, roots: tee.roots, streamShape: 'coalesce' });
  const lengths: number[] = [];
  for (const content of ['Hi', 'Hello, and a good morning to everybody.']) {
    tap.clear();
    const response = await enclave.fetch(`${enclave.baseURL}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages: [{ role: 'user', content }], max_tokens: 8 }),
    });
    expect(response.status).toBe(200);
    await response.text();
    lengths.push(tap.captured().length);
  }
  expect(lengths[0]).toBe(lengths[1]);
  await tap.close();
});
