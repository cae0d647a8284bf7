import { sha256, toHex, utf8 } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { createChatTokenizer } from './create-chat-tokenizer.ts';
import { verifyBytes } from './verified-bytes.ts';

const VOCABULARY = ['<|start|>', '<|end|>', 'system', 'user', 'assistant', 'hello', 'there', '?'];
const definition = {
  version: '1.0',
  added_tokens: VOCABULARY.slice(0, 2).map((content, id) => ({ id, content, special: true, single_word: false, lstrip: false, rstrip: false, normalized: false })),
  normalizer: null,
  pre_tokenizer: { type: 'Whitespace' },
  post_processor: null,
  decoder: null,
  model: { type: 'WordLevel', unk_token: '?', vocab: Object.fromEntries(VOCABULARY.map((word, id) => [word, id])) },
}; // prettier-ignore
const TEMPLATE =
  "{{ bos_token }}{% for m in messages %}{% if m.role == 'tool' %}{{ raise_exception('secret ' + m.content) }}{% endif %}" +
  '<|start|>{{ m.role }}\n{{ m.content }}<|end|>\n{% endfor %}{% if add_generation_prompt %}<|start|>assistant\n{% endif %}';

function files(configuration: object, template?: string): ReturnType<typeof asFiles> {
  return asFiles({
    'tokenizer.json': JSON.stringify(definition),
    'tokenizer_config.json': JSON.stringify({ tokenizer_class: 'PreTrainedTokenizerFast', ...configuration }),
    ...(template === undefined ? {} : { 'chat_template.jinja': template }),
  });
}

function asFiles(texts: Readonly<Record<string, string>>): Parameters<typeof createChatTokenizer>[0] {
  return new Map(
    Object.entries(texts).map(([name, text]) => {
      const bytes = utf8(text);
      const verified = verifyBytes(bytes, toHex(sha256(bytes)));
      if (verified === undefined) throw new Error('not its own digest');
      return [name, verified];
    }),
  );
}

const messages = [
  { role: 'system', content: 'hello' },
  { role: 'user', content: 'hello there' },
];

describe('the chat tokenizer', () => {
  it.each([
    ['its configuration', files({ chat_template: TEMPLATE, bos_token: { content: '<|start|>' } })],
    ['a file of its own', files({ chat_template: 'not this', bos_token: '<|start|>' }, TEMPLATE)],
  ])('renders the template of %s and counts control tokens as one', (_where, given) => {
    const tokenizer = createChatTokenizer(given);
    const text = tokenizer.template(messages);
    expect(text).toBe(
      '<|start|><|start|>system\nhello<|end|>\n<|start|>user\nhello there<|end|>\n<|start|>assistant\n',
    );
    expect(tokenizer.encode(text)).toEqual([0, 0, 2, 5, 1, 0, 3, 5, 6, 1, 0, 4]);
  });

  it('refuses a model without one, and repeats nothing of a conversation that the template refuses', () => {
    expect(() => createChatTokenizer(files({}))).toThrow(expect.objectContaining({ code: 'ERR_MODELS_TEMPLATE' }));
    const { template } = createChatTokenizer(files({ chat_template: TEMPLATE }));
    const refuse = (): string => template([{ role: 'tool', content: 'of mine' }]);
    expect(refuse).toThrow(expect.objectContaining({ code: 'ERR_MODELS_TEMPLATE' }));
    expect(refuse).not.toThrow(/of mine/);
  });
});
