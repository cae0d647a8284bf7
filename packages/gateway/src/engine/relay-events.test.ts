import { readFileSync } from 'node:fs';
import { readPieces } from '@cloister/channel';
import { utf8 } from '@cloister/core';
import type { ReceiptUsage } from '@cloister/audit';
import { describe, expect, it } from 'vitest';
import { iterate } from '../../test/iterate.ts';
import { relayEvents as relayPieces, type RelayOptions } from './relay-events.ts';

const relayEvents = (
  source: AsyncIterable<Uint8Array>,
  options: RelayOptions,
): AsyncGenerator<Uint8Array, void, undefined> => iterate(relayPieces(readPieces(source), options));

async function* pieces(...texts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield typeof text === 'string' ? utf8(text) : text;
}

interface Relayed {
  readonly events: readonly string[];
  readonly usage: ReceiptUsage | undefined;
  readonly error: unknown;
}

async function relay(source: AsyncIterable<Uint8Array>, ends: readonly string[] = ['[DONE]']): Promise<Relayed> {
  const events: string[] = [];
  let usage: ReceiptUsage | undefined;
  let error: unknown;
  try {
    for await (const piece of relayEvents(source, { ends, onUsage: (seen) => (usage = seen) }))
      events.push(
        ...Buffer.from(piece)
          .toString()
          .split(/(?<=\n\r?\n)/),
      );
  } catch (thrown) {
    error = thrown;
  }
  return { events, usage, error };
}

const DELTA = 'data: {"choices":[{"delta":{"content":"say \\"error\\" or \\"usage\\""}}]}\n\n';
const USAGE =
  'data: {"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":4}}}\n\n';
const DONE = 'data: [DONE]\n\n';

describe('relayed events', () => {
  it('pass whole and unchanged', async () => {
    expect(await relay(pieces(DELTA + USAGE, DONE))).toEqual({
      events: [DELTA, USAGE, DONE],
      usage: { input: 5, output: 3, cached: 4 },
      error: undefined,
    });
  });

  it('are the same however the bytes are cut', async () => {
    const bytes = utf8(`: ping\r\n\r\n${DELTA}${USAGE.replaceAll('\n', '\r\n')}${DONE}`);
    const whole = await relay(pieces(bytes));
    expect(whole.events).toHaveLength(4);
    for (let size = 1; size < 40; size++) {
      const cut = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.slice(index * size, (index + 1) * size),
      );
      expect(await relay(pieces(...cut))).toEqual(whole);
    }
  });

  it('that arrive together leave together: one seal for all of them', async () => {
    const sent = await Array.fromAsync(
      relayEvents(pieces(DELTA + USAGE, DONE), { ends: ['[DONE]'], onUsage: () => {} }),
    );
    expect(sent.map((piece) => Buffer.from(piece).toString())).toEqual([DELTA + USAGE, DONE]);
  });

  it('leave before the next one arrives', async () => {
    let released = false;
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield utf8(DELTA);
      released = true;
      yield utf8(DONE);
    }
    const iterator = relayEvents(slow(), { ends: ['[DONE]'], onUsage: () => undefined });
    expect((await iterator.next()).done).toBe(false);
    expect(released).toBe(false);
    await iterator.return();
  });

  it.each([
    [DELTA],
    [DELTA, USAGE],
    [],
    [DELTA + DONE.slice(0, -1)],
    ['data: {"choices":[{"delta":{"content":"[DONE]"}}]}\n\n'],
  ])('throw when the end marker is missing %#', async (...texts) => {
    expect((await relay(pieces(...texts))).error).toMatchObject({ code: 'ERR_GATEWAY_ENGINE_CUT' });
  });

  it('replace errors of the engine, which may quote the prompt', async () => {
    const canary = 'CANARY-4711';
    for (const error of [
      `data: {"error":{"message":"${canary}","code":400}}\n\n`,
      `data: {"\\u0065rror":{"message":"${canary}"}}\n\n`,
      `event: error\ndata: {"type":"error","message":"${canary}"}\n\n`,
      `data: {"type":"response.failed","response":{"error":{"message":"${canary}"}}}\n\n`,
    ]) {
      const { events } = await relay(pieces(error, DONE));
      expect(events.join('')).not.toContain(canary);
      expect(events[0]).toContain('ERR_GATEWAY_ENGINE_FAILED');
    }
    // Control: what is no error passes with the canary in it.
    const { events } = await relay(pieces(`data: {"error":null,"text":"${canary}"}\n\n`, DONE));
    expect(events.join('')).toContain(canary);
  });

  it('refuse what is no JSON, no UTF-8 or endless', async () => {
    const broken = [pieces('data: {"usage": oops}\n\n', DONE), pieces(Uint8Array.of(0xff, 10, 10), DONE)];
    for (const source of broken)
      expect((await relay(source)).error).toMatchObject({ code: 'ERR_GATEWAY_ENGINE_FAILED' });
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) yield new Uint8Array(1024 * 1024).fill(97);
    }
    expect((await relay(endless())).error).toMatchObject({ code: 'ERR_GATEWAY_ENGINE_FAILED' });
  });

  const recordings = process.env['CLOISTER_EVAL_DATA'];
  it.skipIf(recordings === undefined)('read recorded streams (set CLOISTER_EVAL_DATA to run)', async () => {
    const body = (name: string): string =>
      readFileSync(`${recordings}/vllm/${name}.response.txt`, 'utf8').replace(/^[^]*?\r?\n\r?\n/, '');
    expect(await relay(pieces(body('chat-stream-usage')))).toMatchObject({ usage: { output: 24 }, error: undefined });
    expect(await relay(pieces(body('completions-stream-usage')))).toMatchObject({
      usage: { input: 5, output: 4, cached: 0 },
      error: undefined,
    });
    expect(await relay(pieces(body('responses-stream')), ['response.completed'])).toMatchObject({
      usage: { input: 37, output: 8, cached: 32 },
      error: undefined,
    });
    expect((await relay(pieces(body('chat-stream-no-usage')))).error).toBeUndefined();
  });
});
