import { Template } from '@huggingface/jinja';
import { type ChatTemplate, fromUtf8, sha256, toHex, type Tokenizer } from '@cloister/core';
import { modelsError } from './errors.ts';
import type { ModelFiles } from './fetch-model.ts';
import { loadTokenizer, readVerified } from './load-tokenizer.ts';

/** What counts the tokens of a conversation as the model's server will. */
export interface ChatTokenizer extends Tokenizer {
  /** The model's own chat template: what its server tokenizes for these messages. */
  readonly template: ChatTemplate;
}

/**
 * Tokenizer and chat template of a generating model, from verified `tokenizer.json` and `tokenizer_config.json`, and
 * `chat_template.jinja` where the model has one. Control tokens in a rendered template count as the one token they are.
 * @throws CloisterError `ERR_MODELS_NOT_VERIFIED`, `_FILE_MISSING`, `_TOKENIZER`; the template throws `ERR_MODELS_TEMPLATE`
 *   for messages that it refuses
 */
export function createChatTokenizer(files: ModelFiles): ChatTokenizer {
  const definition = readVerified(files, 'tokenizer.json');
  const configuration = readVerified(files, 'tokenizer_config.json');
  const tokenizer = loadTokenizer(definition, configuration);
  return {
    id: `tokenizer-${toHex(sha256(definition)).slice(0, 16)}`,
    encode: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids,
    template: createTemplate(files, configuration),
  };
}

function createTemplate(files: ModelFiles, configuration: Uint8Array): ChatTemplate {
  const settings = JSON.parse(fromUtf8(configuration)) as Readonly<Record<string, unknown>>;
  const text = files.has('chat_template.jinja')
    ? fromUtf8(readVerified(files, 'chat_template.jinja'))
    : settings['chat_template'];
  if (typeof text !== 'string') throw modelsError('ERR_MODELS_TEMPLATE');
  const tokens = Object.fromEntries(['bos_token', 'eos_token'].map((name) => [name, tokenText(settings[name])]));
  const template = attempt(() => new Template(text));
  return (messages) =>
    attempt(() =>
      template.render({
        ...tokens,
        messages: messages.map((message) => ({ ...message })),
        add_generation_prompt: true,
      }),
    );
}

/** A special token is a text, or an object that describes one. */
function tokenText(value: unknown): string {
  const { content } = (typeof value === 'object' && value !== null ? value : { content: value }) as {
    content?: unknown;
  };
  return typeof content === 'string' ? content : '';
}

/** What a template says when it fails may quote the messages. */
function attempt<Result>(work: () => Result): Result {
  try {
    return work();
  } catch {
    throw modelsError('ERR_MODELS_TEMPLATE');
  }
}
