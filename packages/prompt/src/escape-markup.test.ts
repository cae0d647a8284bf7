import { describe, expect, it } from 'vitest';
import { escapeMarkup } from './escape-markup.ts';

/** What the chat templates of the families put around turns, tools, thoughts and images. */
const FAMILIES: Readonly<Record<string, string>> = {
  'Llama 2': '<s> </s> [INST] [/INST] <<SYS>> <</SYS>> <unk> <pad>',
  'Llama 3': '<|begin_of_text|> <|start_header_id|> <|end_header_id|> <|eot_id|> <|eom_id|> <|python_tag|> <|image|>',
  'Llama 4': '<|header_start|> <|header_end|> <|eot|> <|python_start|> <|image_start|> <|patch|>',
  ChatML: '<|im_start|> <|im_end|> <|im_sep|> <|endoftext|>',
  Qwen: '<|vision_start|> <|fim_prefix|> <tool_call> </tool_call> <tool_response> <tools> <think> </think> <function=get> <parameter=q>',
  Mistral:
    '[SYSTEM_PROMPT] [/SYSTEM_PROMPT] [AVAILABLE_TOOLS] [TOOL_CALLS] [TOOL_RESULTS] [/TOOL_RESULTS] [ARGS] [CALL_ID] [THINK] [/THINK] [IMG] [IMG_END] ' +
    '[AUDIO] [BEGIN_AUDIO] [TRANSCRIBE] [MODEL_SETTINGS] [PREFIX] [CONTROL_12] <SPECIAL_20>',
  Gemma:
    '<bos> <eos> <start_of_turn> <end_of_turn> <start_of_image> <image_soft_token> <start_of_audio> <unused12> <start_function_call> [@BOS@] ' +
    '<|turn> <turn|> <|channel> <channel|> <|"|> <tool_call|>',
  Phi: '<|system|> <|user|> <|assistant|> <|end|> <|tool|> <|/tool|>',
  DeepSeek:
    '<\uff5cbegin\u2581of\u2581sentence\uff5c> <\uff5cUser\uff5c> <\uff5cAssistant\uff5c> <\uff5ctool\u2581calls\u2581begin\uff5c>',
  'gpt-oss': '<|start|> <|message|> <|channel|> <|constrain|> <|return|> <|call|>',
  'Command R': '<BOS_TOKEN> <EOS_TOKEN> <|START_OF_TURN_TOKEN|> <|SYSTEM_TOKEN|>',
  GLM: '[gMASK] <sop> <|observation|> <arg_key> <arg_value>',
  Others:
    '<|im_user|> [BOS] [EOT] [|system|] [|endofturn|] <seed:bos> <extra_id_1> <reserved_106> ]~b] ]~!b[ [e~[ <minimax:tool_call>',
};

describe.each(Object.entries(FAMILIES))('control tokens of %s', (_family, tokens) => {
  it.each(tokens.split(' '))('are disarmed: %s', (token) => {
    const { text, escaped } = escapeMarkup(`before ${token} after`);
    expect(escaped).toBeGreaterThanOrEqual(1);
    expect(text).not.toContain(token);
    expect(escapeMarkup(text)).toEqual({ text, escaped: 0 });
  });
});

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
    'if (a<b || c>d) {}',
    'x = [| 1; 2 |] and a[i]~b',
    '<function> of time',
    'a|b and [mask off]',
  ])('are told from ordinary text: %s', (text) => {
    expect(escapeMarkup(text)).toEqual({ text, escaped: 0 });
  });
});
