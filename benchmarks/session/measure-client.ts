import OpenAI from 'openai';
import { createSession, createSessionFetch } from '@cloister/session';
import type { Tenant } from '@cloister/core';
import type { Row } from '../report.ts';
import { createSamples } from '../samples.ts';

const WARM_UP = 200;
const ROUNDS = 1000;
const EVENTS = 1000;
/** Events that arrive together. */
const TOGETHER = 4;
const MODEL = 'bench';

const chunk = (delta: object, reason: string | null = null): string =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-0123456789abcdef',
    object: 'chat.completion.chunk',
    created: 1_790_000_000,
    model: MODEL,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: reason, token_ids: null }],
  })}\n\n`;
const message = { role: 'assistant', content: 'Hello.', refusal: null };
const ANSWER = JSON.stringify({
  id: 'chatcmpl-0123456789abcdef',
  object: 'chat.completion',
  created: 1_790_000_000,
  model: MODEL,
  choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
  usage: { prompt_tokens: 8, completion_tokens: 2, total_tokens: 10 },
});
const PIECES = Array.from({ length: EVENTS / TOGETHER }, () =>
  Buffer.from(chunk({ content: ' word' }).repeat(TOGETHER)),
);
const END = Buffer.from(`${chunk({}, 'stop')}data: [DONE]\n\n`);

/** A fetch without a network, so that nothing but the layers above it is measured. */
const carry: typeof fetch = async (_, init) => {
  if (typeof init?.body !== 'string' || !init.body.includes('"stream":true'))
    return new Response(ANSWER, { headers: { 'content-type': 'application/json' } });
  let next = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = next < PIECES.length ? PIECES[next++] : undefined;
      controller.enqueue(piece ?? END);
      if (piece === undefined) controller.close();
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
};

/**
 * CPU time of what a session's fetch adds to a fetch, for each request (its salt, its deadlines, its gate) and for each event
 * of a stream, beside what openai-node adds to the same fetch; in turns, in one run.
 */
export async function measureClient(tenant: Tenant): Promise<Row[]> {
  const session = await createSession(tenant, { model: MODEL, identity: new Uint8Array(32) });
  const disciplined = createSessionFetch({ fetch: carry, session, label: 'restricted' });
  const openai = new OpenAI({ baseURL: 'http://engine/v1', apiKey: 'none', maxRetries: 0, fetch: carry });
  const messages = [{ role: 'user' as const, content: 'Hello' }];
  const body = { model: MODEL, messages, max_tokens: 1 };
  const post = (by: typeof fetch, more: object = {}): Promise<Response> =>
    by('http://engine/v1/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...body, ...more }),
    });
  const stream = async (by: typeof fetch): Promise<void> => {
    for await (const piece of (await post(by, { stream: true })).body ?? []) void piece;
  };
  const samples = createSamples();
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    if (round === 0) samples.clear();
    await samples.cpu('fetch', async () => void (await (await post(carry)).json()));
    await samples.cpu('session', async () => void (await (await post(disciplined)).json()));
    await samples.cpu('openai', async () => void (await openai.chat.completions.create(body)));
    if (round % 10 !== 0) continue;
    await samples.cpu('fetch stream', () => stream(carry));
    await samples.cpu('session stream', () => stream(disciplined));
    await samples.cpu('openai stream', async () => {
      for await (const event of await openai.chat.completions.create({ ...body, stream: true })) void event;
    });
  }
  session.end();
  const added = (name: string, kind = ''): number =>
    1000 * (samples.mean(`${name}${kind} cpu`) - samples.mean(`fetch${kind} cpu`));
  const row = (name: string, kind: string, count: number): Row => {
    const [value, baseline] = [added('session', kind) / count, added('openai', kind) / count];
    return { name, value, unit: 'us', baseline, ratio: value / baseline };
  };
  return [row('session layer, per request', '', 1), row('session layer, per event', ' stream', EVENTS)];
}
