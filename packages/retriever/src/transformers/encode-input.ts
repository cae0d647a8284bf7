import type { PreTrainedTokenizer } from '@huggingface/transformers';

/**
 * The ids of a text with the model's special tokens, cut to a number of tokens. The library's own way to cut would drop the
 * special tokens at the end as well, and a model that has never seen such an input gives another vector.
 */
export function encodeInput(tokenizer: PreTrainedTokenizer, text: string, maxTokens: number): readonly number[] {
  const ids = tokenizer.encode(text);
  if (ids.length <= maxTokens) return ids;
  const bare = tokenizer.encode(text, { add_special_tokens: false });
  const special = ids.length - bare.length;
  const before = ids.findIndex((id, place) => id === bare[0] && ids[place + 1] === bare[1]);
  const kept = bare.slice(0, maxTokens - special);
  return [...ids.slice(0, before), ...kept, ...ids.slice(before + bare.length)];
}
