/** A text without anything that a chat template or our own delimiters give a meaning to. */
export interface EscapedText {
  readonly text: string;
  /** Places that were changed. */
  readonly escaped: number;
}

const NAMES = [
  's',
  'bos',
  'eos',
  'pad',
  'unk',
  'mask',
  'cls',
  'sep',
  'start_of_turn',
  'end_of_turn',
  'start_of_image',
  'end_of_image',
  'image_soft_token',
  'tool_call',
  'tool_calls',
  'tool_response',
  'tools',
  'function_call',
  'think',
  'thinking',
  'im_start',
  'im_end',
  'endoftext',
  'begin_of_text',
  'unused\\d{1,4}',
  'reserved_\\d{1,4}',
  'system',
  'assistant',
  'user',
];

const BRACKETED = [
  'INST',
  'SYS',
  'SYSTEM_PROMPT',
  'AVAILABLE_TOOLS',
  'TOOL_CALLS',
  'TOOL_RESULTS',
  'TOOL_CONTENT',
  'IMG',
  'IMG_BREAK',
  'IMG_END',
  'PREFIX',
  'SUFFIX',
  'MIDDLE',
  'THINK',
  'ARGS',
  'CALL_ID',
];

const OPEN = '[<\\uff1c\\ufe64]';
const TAG = `\\s{0,8}[/\\uff0f]?\\s{0,8}`;

/** `<|…|>` of most families, also with the full-width bar; `<<SYS>>`; tags by name; `[INST]` and its kin. */
const CONTROL_TOKENS = [
  `${OPEN}(?=[|\\uff5c])`,
  `${OPEN}(?=${TAG}(?:${NAMES.join('|')})\\s{0,8}[/\\uff0f]?[>\\uff1e])`,
  `<(?=</?SYS>>)`,
  `\\[(?=/?(?:${BRACKETED.join('|')})\\])`,
].join('|');
const TEMPLATE = new RegExp(CONTROL_TOKENS, 'gi');
const MARKUP = new RegExp(`${CONTROL_TOKENS}|${OPEN}(?=${TAG}source\\b)`, 'gi');

/**
 * Disarms control tokens of chat templates and look-alikes of our source tags in untrusted text: the server applies its
 * template to text, so a document that spells `<|im_start|>` would otherwise open a turn of its own. The first bracket becomes
 * a typographic one, so a person still reads what was there. Apply after `cleanText`, which can join what was split.
 */
export function escapeMarkup(text: string): EscapedText {
  return escapeBrackets(text, MARKUP);
}

/**
 * Disarms control tokens of chat templates alone, for texts in which our own tags are at home: what a gateway does with
 * prompts that somebody else assembled.
 */
export function escapeControlTokens(text: string): EscapedText {
  return escapeBrackets(text, TEMPLATE);
}

function escapeBrackets(text: string, pattern: RegExp): EscapedText {
  let escaped = 0;
  const output = text.replace(pattern, (bracket) => {
    escaped++;
    return bracket === '[' ? '\u27e6' : '\u2039';
  });
  return { text: output, escaped };
}
