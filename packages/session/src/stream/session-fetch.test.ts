import { concat, findCloisterError, utf8 } from '@cloister/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Session } from '../create-session.ts';
import { createSessionFetch, type SessionFetchOptions } from './session-fetch.ts';
import { originalResponse } from './read-answer.ts';

const event = (value: unknown): string => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;
const delta = (content: object, reason: string | null = null, index = 0): string =>
  event({ choices: [{ index, delta: content, finish_reason: reason }] });
const call = (args: string, index = 0, name?: string): object => ({
  tool_calls: [{ index, function: { ...(name === undefined ? {} : { name }), arguments: args } }],
});
const DONE = event('[DONE]');

const TEXT = [delta({ role: 'assistant', content: '' }), delta({ content: 'Hello' }), delta({}, 'stop'), DONE];
const CALLS = [
  delta({ content: 'I look it up.' }),
  delta(call('', 0, 'look_up')),
  delta(call('{"na')),
  delta(call('{"b":', 1, 'count')),
  delta(call('me":"fer{ry"}')),
  delta(call('1}', 1)),
  delta({}, 'tool_calls'),
  DONE,
];
const item = (type: string, more: object): string => `event: ${type}\n${event({ type, output_index: 0, ...more })}`;
const RESPONSES = [
  item('response.created', { response: {} }),
  item('response.output_text.delta', { delta: 'x' }),
  item('response.output_item.added', { item: { type: 'function_call', name: 'look_up', arguments: '' } }),
  item('response.function_call_arguments.delta', { delta: '{"name":' }),
  item('response.function_call_arguments.delta', { delta: '"ferry"}' }),
  item('response.output_item.done', {
    item: { type: 'function_call', status: 'completed', name: 'look_up', arguments: '{"name":"ferry"}' },
  }),
  item('response.completed', { response: {} }),
];

function streamOf(pieces: readonly Uint8Array[], failure?: Error): ReadableStream<Uint8Array> {
  const left = [...pieces];
  return new ReadableStream({
    pull(controller) {
      const piece = left.shift();
      if (piece !== undefined) controller.enqueue(piece);
      else if (failure === undefined) controller.close();
      else controller.error(failure);
    },
  });
}

function cutInto(bytes: Uint8Array, size: number): Uint8Array[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
}

interface Outcome {
  readonly text: string;
  readonly code: string | undefined;
}

/** What a library sees of a stream. */
async function pass(pieces: readonly Uint8Array[], failure?: Error, body = '{"tools":[]}'): Promise<Outcome> {
  const answer = new Response(streamOf(pieces, failure), { headers: { 'content-type': 'text/event-stream' } });
  const response = await createSessionFetch({ fetch: async () => answer })('http://x', { method: 'POST', body });
  expect(originalResponse(response)).toBe(answer);
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const piece of response.body ?? []) text += decoder.decode(piece, { stream: true });
    return { text, code: undefined };
  } catch (error) {
    return { text, code: findCloisterError(error)?.code ?? String(error) };
  }
}

describe('a stream', () => {
  it.each([
    ['text', TEXT],
    ['tool calls', CALLS],
    ['responses', RESPONSES],
  ])('passes as it is in pieces of any size: %s', async (_, events) => {
    const bytes = utf8(events.join(''));
    for (const size of [1, 7, 64, 4096]) {
      expect(await pass(cutInto(bytes, size))).toEqual({ text: events.join(''), code: undefined });
    }
  });

  it('that ends early is cut, wherever, and shows no tool call that is not whole', async () => {
    for (const [events, first, whole] of [
      [CALLS, 1, 7],
      [RESPONSES, 2, 6],
    ] as const) {
      const bytes = utf8(events.join(''));
      for (let cut = 0; cut < bytes.length; cut++) {
        for (const failure of [undefined, new TypeError('terminated')]) {
          const { text, code } = await pass(cutInto(bytes.subarray(0, cut), 50), failure);
          expect(code).toBe(failure === undefined ? 'ERR_SESSION_STREAM_CUT' : 'TypeError: terminated');
          const before = events.slice(0, first).join('');
          const isWhole = cut >= utf8(events.slice(0, whole).join('')).length;
          expect(isWhole || before.startsWith(text)).toBe(true);
        }
      }
    }
  });

  it.each([
    ['the model ran out of tokens', [delta(call('{}', 0, 'a')), delta({}, 'length'), DONE]],
    ['arguments are no JSON', [delta(call('{"a":', 0, 'a')), delta({}, 'tool_calls'), DONE]],
    ['arguments are no object', [delta(call('1', 0, 'a')), delta({}, 'tool_calls'), DONE]],
    ['there is no name', [delta(call('{}')), delta({}, 'tool_calls'), DONE]],
    ['one of two is not whole', [delta(call('{}', 0, 'a')), delta(call('{', 1, 'b')), delta({}, 'tool_calls'), DONE]],
    [
      'its names are written with escapes',
      [delta(call('{"a":', 0, 'a')), delta({}, 'tool_calls')].map((text) => text.replaceAll('_calls', '\\u005fcalls')),
    ],
    ['of an older form', [delta({ function_call: { name: 'a', arguments: '{' } }), delta({}, 'function_call'), DONE]],
    [
      'an item is incomplete',
      [
        item('response.output_item.added', { item: { type: 'function_call' } }),
        item('response.output_item.done', {
          item: { type: 'function_call', status: 'incomplete', name: 'a', arguments: '{}' },
        }),
      ],
    ],
  ])('with half a tool call is an error and shows nothing of it: %s', async (_, events) => {
    expect(await pass(cutInto(utf8(events.join('')), 33))).toEqual({ text: '', code: 'ERR_SESSION_TOOL_CALL_HALF' });
  });

  it('without a reason or an end marker is cut; the control has both', async () => {
    const [open, text, stop] = TEXT;
    for (const events of [[], [open, text, DONE], [open, text, stop], [open]])
      expect((await pass([utf8(events.join(''))])).code).toBe('ERR_SESSION_STREAM_CUT');
    expect((await pass([utf8([open, text, stop, DONE].join(''))])).code).toBeUndefined();
  });

  it('holds back no more than it says', async () => {
    const long = delta(call('x'.repeat(1024 * 1024), 0, 'a'));
    const { text, code } = await pass(Array.from({ length: 9 }, () => utf8(long)));
    expect([text, code]).toEqual(['', 'ERR_SESSION_STREAM_TOO_LARGE']);
    const endless = Array.from({ length: 9 }, () => new Uint8Array(1024 * 1024).fill(0x61));
    expect((await pass(endless)).code).toBe('ERR_SESSION_STREAM_TOO_LARGE');
  });

  it('takes any bytes without another error than its own', async () => {
    const words = [
      'data: ',
      '\n',
      '\r\n',
      '{"choices":[',
      '"tool_calls"',
      '[DONE]',
      '{',
      '}',
      'null',
      '"finish_reason": "stop"',
      'response.',
    ];
    const bytes = fc.array(fc.oneof(fc.constantFrom(...words).map(utf8), fc.uint8Array({ maxLength: 8 })), {
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(bytes, async (pieces) => {
        const { text, code } = await pass(pieces);
        expect([undefined, 'ERR_SESSION_STREAM_CUT', 'ERR_SESSION_TOOL_CALL_HALF']).toContain(code);
        expect(new TextDecoder().decode(concat(...pieces)).startsWith(text.slice(0, -4))).toBe(true);
      }),
    );
  });
});

describe('an answer in one piece', () => {
  const ask = async (answer: object, status = 200): Promise<unknown> => {
    const headers = { 'content-type': 'application/json' };
    const fetch = async (): Promise<Response> => new Response(JSON.stringify(answer), { status, headers });
    const response = await createSessionFetch({ fetch })('http://x', { method: 'POST', body: '{"tools":[]}' });
    return response.json();
  };
  const message = (args: string): object => ({ tool_calls: [{ function: { name: 'a', arguments: args } }] });
  const answer = (args: string, reason = 'tool_calls'): object => ({
    choices: [{ index: 0, message: message(args), finish_reason: reason }],
  });

  it('passes with whole calls, and is an error with half of one', async () => {
    expect(await ask(answer('{"a":1}'))).toEqual(answer('{"a":1}'));
    for (const half of [
      answer('{"a":'),
      answer('{}', 'length'),
      { choices: [{ message: { function_call: {} }, finish_reason: 'stop' }] },
    ])
      await expect(ask(half)).rejects.toMatchObject({ code: 'ERR_SESSION_TOOL_CALL_HALF' });
    const output = [{ type: 'function_call', name: 'a', arguments: '{}' }];
    await expect(ask({ status: 'incomplete', output })).rejects.toMatchObject({ code: 'ERR_SESSION_TOOL_CALL_HALF' });
    expect(await ask({ status: 'completed', output })).toEqual({ status: 'completed', output });
  });

  it('passes when it is an error', async () => {
    expect(await ask(answer('{'), 400)).toEqual(answer('{'));
  });
});

describe('deadlines', () => {
  const never = (): Promise<Response> => new Promise(() => {});
  const silent = (before: readonly string[]): typeof globalThis.fetch => {
    const left = [...before];
    return async () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            const piece = left.shift();
            if (piece === undefined) return new Promise(() => {});
            controller.enqueue(utf8(piece));
            return undefined;
          },
        }),
        { headers: { 'content-type': 'text/event-stream' } },
      );
  };
  const stages = [
    ['head', never, { head: 20 }],
    ['firstByte', silent([]), { firstByte: 20 }],
    ['idle', silent([TEXT[0] as string]), { idle: 20 }],
    ['total', silent([TEXT[0] as string]), { total: 20 }],
  ] as const;

  it.each(stages)(
    'end an answer whose %s does not come, though the fetch below does not listen',
    async (stage, fetch, deadlines) => {
      const signals: (AbortSignal | undefined)[] = [];
      const carrying: typeof globalThis.fetch = (input, init) => {
        signals.push(init?.signal ?? undefined);
        return fetch(input, init);
      };
      const response = await createSessionFetch({ fetch: carrying, deadlines })('http://x', {
        body: '{}',
        method: 'POST',
      });
      if (stage === 'head') {
        expect([response.status, response.headers.get('x-should-retry')]).toEqual([504, 'false']);
        expect(await response.json()).toMatchObject({ error: { code: 'ERR_SESSION_DEADLINE', param: 'head' } });
      } else await expect(response.text()).rejects.toMatchObject({ code: 'ERR_SESSION_DEADLINE', subject: stage });
      expect(signals[0]?.aborted).toBe(true);
    },
  );

  it('do not count the time of a reader that does not ask', async () => {
    const fetch = silent(TEXT);
    const response = await createSessionFetch({ fetch, deadlines: { idle: 20, firstByte: 20 } })('http://x');
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(new TextDecoder().decode((await reader.read()).value)).toBe(TEXT[1]);
    await reader.cancel();
  });
});

describe('what it does to a request', () => {
  const seen = async (options: Partial<SessionFetchOptions>, init?: RequestInit): Promise<Record<string, string>> => {
    let headers = new Headers();
    const fetch: typeof globalThis.fetch = async (_, given) => {
      headers = new Headers(given?.headers);
      return new Response('{}');
    };
    await createSessionFetch({ fetch, ...options })('http://x', init);
    return Object.fromEntries(headers);
  };
  const session: Session = {
    id: 'x',
    scope: 'group',
    group: 'staff',
    salt: ({ label, widest } = {}) => `cs1.${label}.${widest}`,
    end: () => undefined,
    [Symbol.dispose]: () => undefined,
  };

  it('is the salt of the session, unless there is one', async () => {
    expect(await seen({ session, label: 'public', widest: 'user' }, { headers: { a: 'b' } })).toEqual({
      a: 'b',
      'cloister-cache-salt': 'cs1.public.user',
      'cloister-cache-scope': 'group',
      'cloister-cache-group': 'staff',
    });
    const own = { 'cloister-cache-salt': 'mine' };
    expect(await seen({ session }, { headers: own })).toEqual(own);
    expect(await seen({})).toEqual({});
  });

  it('is an abort that reaches the fetch below, with its reason, and leaves no listener', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    let inner: AbortSignal | undefined;
    const fetch: typeof globalThis.fetch = async (_, init) => {
      inner = init?.signal ?? undefined;
      const body = new ReadableStream({
        pull: (out) => new Promise(() => inner?.addEventListener('abort', () => out.error(inner?.reason))),
      });
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    };
    const response = await createSessionFetch({ fetch })('http://x', { signal: controller.signal });
    const text = response.text();
    controller.abort(reason);
    await expect(text).rejects.toBe(reason);
    expect(inner?.reason).toBe(reason);
    const before = createSessionFetch({ fetch })('http://x', { signal: AbortSignal.abort(reason) });
    await expect(before).rejects.toBe(reason);
  });
});
