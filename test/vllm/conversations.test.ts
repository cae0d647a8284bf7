import OpenAI from 'openai';
import { attest } from '@cloister/client';
import { startSimulatedGateway } from '@cloister/example-gateway/start';
import { expect, it } from 'vitest';

const vllm = process.env['CLOISTER_VLLM_URL'];
/** Few in the normal run, `CLOISTER_CONVERSATIONS=20` for the long one. */
const CONVERSATIONS = Number(process.env['CLOISTER_CONVERSATIONS'] ?? 6);
const TOPICS = ['the ferry', 'a bridge', 'rain', 'bread', 'a clock', 'the moon', 'a garden', 'salt', 'trains', 'glass'];

/** Two turns, streamed; the second goes on from the first answer. @returns both answers */
async function converse(openai: OpenAI, index: number, more: object): Promise<string> {
  const topic = TOPICS[index % TOPICS.length] ?? '';
  const questions = [`Tell me one fact about ${topic}, number ${index}.`, 'Say it again in other words.'];
  const messages: OpenAI.ChatCompletionMessageParam[] = [];
  const answers: string[] = [];
  const { data: models } = await openai.models.list();
  for (const content of questions) {
    messages.push({ role: 'user', content });
    const request = { model: models[0]?.id ?? '', messages, temperature: 0, max_completion_tokens: 12 };
    const stream = await openai.chat.completions.create({ ...request, ...more, stream: true });
    let answer = '';
    for await (const chunk of stream) answer += chunk.choices[0]?.delta.content ?? '';
    messages.push({ role: 'assistant', content: answer });
    answers.push(answer);
  }
  return answers.join('\n');
}

it.skipIf(vllm === undefined)(
  'the same words through gateway and channel as without, by openai-node (set CLOISTER_VLLM_URL to run)',
  async () => {
    await using running = await startSimulatedGateway({ vllm: vllm ?? '' });
    await using enclave = await attest(running.url, { policy: running.policy, roots: running.tee.roots });
    const { apiKey } = running;
    const sealed = new OpenAI({ baseURL: enclave.baseURL, apiKey, fetch: enclave.fetch });
    const plain = new OpenAI({ baseURL: new URL('/v1', vllm).href, apiKey: 'none' });
    for (let index = 0; index < CONVERSATIONS; index++) {
      // A salt of its own gives the plain side the same cold start.
      const expected = await converse(plain, index, { cache_salt: 'the-plain-side' });
      const words = await converse(sealed, index, {});
      expect(Buffer.from(words)).toEqual(Buffer.from(expected));
      expect(words.length).toBeGreaterThan(10);
    }
  },
);
