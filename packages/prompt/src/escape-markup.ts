/** A text without anything that a chat template or our own delimiters give a meaning to. */
export interface EscapedText {
  readonly text: string;
  /** Places that were changed. */
  readonly escaped: number;
}

/** Names of tokens between angle brackets, by family; tokens with a bar need no name. */
const NAMES = [
  // Llama 2, Mistral, BERT and most others.
  's|bos|eos|pad|unk|mask|cls|sep|eot|mask:\\d{1,3}',
  // Gemma.
  '(?:start|end)_of_(?:turn|image|audio)|(?:image|audio)_soft_token|(?:start|end)_function_(?:call|declaration|response)|unused\\d{1,4}',
  // Qwen, Hermes, GLM, DeepSeek: tools and thoughts.
  'tool_calls?|tool_responses?|tools|function_calls?|(?:function|parameter)=[^<>\\n]{0,64}|arg_(?:key|value)|think|thinking|sop|eop',
  // Command, Nemotron, Baichuan, Seed, MiniMax.
  '(?:bos|eos|eop|eod|pad|unk|cls|sep|mask)_token|extra_id_\\d{1,4}|special_\\d{1,4}|reserved_\\d{1,4}|(?:seed|minimax):\\w{1,32}',
  'im_start|im_end|endoftext|begin_of_text|system|assistant|user',
].join('|');

/** Words between square brackets. */
const BRACKETED = [
  // Mistral.
  'INST|SYS|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|IMG|IMG_BREAK|IMG_END|AUDIO|BEGIN_AUDIO|TRANSCRIBE',
  'PREFIX|SUFFIX|MIDDLE|THINK|ARGS|CALL_ID|MODEL_SETTINGS|CONTROL_\\d{1,3}',
  // GLM, Kimi, EXAONE, Gemma, BERT.
  '[gs]?MASK|BOS|EOS|EOT|EOD|PAD|UNK|CLS|SEP|@BOS@',
].join('|');

const OPEN = '[<\\uff1c\\ufe64]';
const TAG = `\\s{0,8}[/\\uff0f]?\\s{0,8}`;

/**
 * `<|…|>` of most families, also with the full-width bar or with one bar; `<<SYS>>`; tags by name; `[INST]` and its kin; `[|…|]`;
 * the marks of MiniMax.
 */
const CONTROL_TOKENS = [
  `${OPEN}(?=[|\\uff5c])`,
  `${OPEN}(?=[\\w"]{1,32}[|\\uff5c][>\\uff1e])`,
  `${OPEN}(?=${TAG}(?:${NAMES})\\s{0,8}[/\\uff0f]?[>\\uff1e])`,
  `<(?=</?SYS>>)`,
  `\\[(?=/?(?:${BRACKETED})\\])`,
  `\\[(?=[|\\uff5c]\\w{1,32}[|\\uff5c]\\])`,
  `\\[(?=e~\\[)`,
  `\\](?=~!?b[[\\]])`,
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

const DISARMED: ReadonlyMap<string, string> = new Map([
  ['[', '\u27e6'],
  [']', '\u27e7'],
]);

function escapeBrackets(text: string, pattern: RegExp): EscapedText {
  let escaped = 0;
  const output = text.replace(pattern, (bracket) => {
    escaped++;
    return DISARMED.get(bracket) ?? '\u2039';
  });
  return { text: output, escaped };
}
