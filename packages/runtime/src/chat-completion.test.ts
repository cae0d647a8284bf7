import { describe, expect, it } from 'vitest';
import { parseChatDelta } from './chat-completion.ts';

describe('parseChatDelta', () => {
  it('reads text, finish reason and usage', () => {
    const delta = { choices: [{ index: 0, delta: { content: 'Hi' }, finish_reason: null }] };
    expect(parseChatDelta(JSON.stringify(delta))).toEqual({ text: 'Hi', finishReason: undefined, usage: undefined });
    const finish = { choices: [{ delta: {}, finish_reason: 'stop' }] };
    expect(parseChatDelta(JSON.stringify(finish)).finishReason).toBe('stop');
    const usage = { prompt_tokens: 40, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 32 } };
    expect(parseChatDelta(JSON.stringify({ choices: [], usage })).usage).toEqual({
      promptTokens: 40,
      completionTokens: 2,
      cachedTokens: 32,
    });
  });

  it('tells an unknown cache count from zero', () => {
    const usage = { prompt_tokens: 40, completion_tokens: 2, prompt_tokens_details: null };
    expect(parseChatDelta(JSON.stringify({ choices: [], usage })).usage).toEqual({
      promptTokens: 40,
      completionTokens: 2,
    });
  });

  it.each([
    '',
    'secret prompt text',
    '{"error":{"message":"secret prompt text"}}',
    '{"choices":[{"delta":{"content":7}}]}',
    '[]',
  ])('refuses %j without quoting it', (data) => {
    let error: unknown;
    try {
      parseChatDelta(data);
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject({ code: 'ERR_RUNTIME_ANSWER_MALFORMED' });
    expect((error as Error).cause).toBeUndefined();
    expect(String(error)).not.toContain('secret');
  });
});
