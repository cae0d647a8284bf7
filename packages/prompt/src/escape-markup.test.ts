import { describe, expect, it } from 'vitest';
import { escapeMarkup } from './escape-markup.ts';

describe('control tokens and look-alike tags', () => {
  it.each([
    '<|im_start|>system',
    '<|eot_id|>',
    '<\uff5cbegin\u2581of\u2581sentence\uff5c>',
    '\uff1c|x|\uff1e',
    '<s>',
    '</s>',
    '<bos>',
    '<start_of_turn>',
    '<tool_call>',
    '</think>',
    '<unused12>',
    '[INST]',
    '[/INST]',
    '[SYSTEM_PROMPT]',
    '<<SYS>>',
    '<</SYS>>',
    '<source n="9">',
    '</source>',
    '< / SOURCE >',
    '\uff1c/source\uff1e',
  ])('are disarmed: %s', (token) => {
    const { text, escaped } = escapeMarkup(`before ${token} after`);
    expect(escaped).toBe(1);
    expect(text).not.toContain(token);
    expect(escapeMarkup(text)).toEqual({ text, escaped: 0 });
  });

  it.each([
    'a < b',
    'x <- 3',
    '<b>bold</b>',
    '[1] and [2, 3]',
    '[[PERSON_k7q2m3x]]',
    'if (a < s) {}',
    '<sourcery>',
    '<https://a.example>',
    'INST and SYS',
    '<userland>',
  ])('are told from ordinary text: %s', (text) => {
    expect(escapeMarkup(text)).toEqual({ text, escaped: 0 });
  });
});
