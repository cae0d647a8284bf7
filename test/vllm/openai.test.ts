import OpenAI from 'openai';
import { attest, type Enclave } from '@cloister/client';
import { startSimulatedGateway, type SimulatedGateway } from '@cloister/example-gateway/start';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const vllm = process.env['CLOISTER_VLLM_URL'];

describe.skipIf(vllm === undefined)(
  "OpenAI's client through the enclave to a real vLLM (set CLOISTER_VLLM_URL to run)",
  () => {
    let running: SimulatedGateway;
    let enclave: Enclave;
    let openai: OpenAI;

    beforeAll(async () => {
      running = await startSimulatedGateway({ vllm: vllm ?? '' });
      enclave = await attest(running.url, { policy: running.policy, roots: running.tee.roots });
      openai = new OpenAI({ baseURL: enclave.baseURL, apiKey: running.apiKey, fetch: enclave.fetch });
    });
    afterAll(async () => {
      await enclave.close();
      await running[Symbol.asyncDispose]();
    });

    const ask = (content: string): OpenAI.ChatCompletionCreateParamsNonStreaming => ({
      model: running.model,
      messages: [{ role: 'user', content }],
      max_completion_tokens: 16,
      temperature: 0,
    });

    it('lists the model', async () => {
      expect((await openai.models.list()).data.map(({ id }) => id)).toContain(running.model);
    });

    it('gives the same answer streamed and whole, with receipts over the engine’s own counts', async () => {
      const question = ask('What is the capital of France?');
      const whole = await openai.chat.completions.create(question).withResponse();
      const stream = await openai.chat.completions
        .create({ ...question, stream: true, stream_options: { include_usage: true } })
        .withResponse();
      const chunks = await Array.fromAsync(stream.data);
      const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
      expect(text).toBe(whole.data.choices[0]?.message.content);
      for (const response of [whole.response, stream.response]) {
        const { receipt } = await enclave.receipt(response);
        expect(receipt.usage).toMatchObject({
          input: whole.data.usage?.prompt_tokens,
          output: whole.data.usage?.completion_tokens,
        });
      }
    });

    it('shares the prefix cache with itself and not with another tenant', async () => {
      const long = ask(
        `${'The ferry to the island leaves at nine and the bus leaves at ten. '.repeat(12)} When does the ferry leave?`,
      );
      const cached = async (client: OpenAI): Promise<number> =>
        (await client.chat.completions.create(long)).usage?.prompt_tokens_details?.cached_tokens ?? 0;
      const other = new OpenAI({
        baseURL: enclave.baseURL,
        apiKey: running.otherApiKey,
        fetch: enclave.fetch,
      });
      expect(await cached(openai)).toBe(0);
      expect(await cached(openai)).toBeGreaterThan(0);
      // The same enclave object sends the same salt for both: the gateway alone tells the tenants apart.
      expect(await cached(other)).toBe(0);
    });

    it('does not show what the engine says in an error', async () => {
      const canary = 'CANARY4711';
      const wrong = {
        ...ask('x'),
        messages: [{ role: 'user', content: { [canary]: 'x' } }],
      } as unknown as OpenAI.ChatCompletionCreateParamsNonStreaming;
      const error: unknown = await openai.chat.completions.create(wrong).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ status: 400, code: 'ERR_GATEWAY_ENGINE_REFUSED' });
      expect(String((error as Error).message) + JSON.stringify(error)).not.toContain(canary);
      // Control: asked directly, the engine quotes it.
      const body = JSON.stringify(wrong);
      const direct = await fetch(`${new URL(vllm ?? '').origin}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      expect(await direct.text()).toContain(canary);
    });
  },
);
