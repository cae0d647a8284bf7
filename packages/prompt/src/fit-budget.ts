import type { Tokenizer } from '@cloister/core';

/** Tokens that a chat template adds around a message: an allowance above what the common families need. */
export const TOKENS_PER_MESSAGE = 8;

/** What a text costs. */
export function countTokens(tokenizer: Tokenizer, text: string): number {
  return tokenizer.encode(text).length;
}

/** Chooses whole pieces in their order as long as they fit; one that does not fit is left out and the next is tried. */
export function fitBudget(
  costs: readonly number[],
  budget: number,
): { readonly kept: readonly number[]; readonly left: number } {
  const kept: number[] = [];
  let left = budget;
  costs.forEach((cost, index) => {
    if (cost > left) return;
    kept.push(index);
    left -= cost;
  });
  return { kept, left };
}
