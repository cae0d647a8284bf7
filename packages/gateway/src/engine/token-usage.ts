import type { ReceiptUsage } from '@cloister/audit';

/**
 * Reads the `usage` of an answer in the form of chat, completions and embeddings, or in that of responses.
 * @param value the member, already parsed
 * @returns `undefined` when it is absent or not made of counts
 */
export function parseTokenUsage(value: unknown): ReceiptUsage | undefined {
  const input = count(value, 'prompt_tokens') ?? count(value, 'input_tokens');
  if (input === undefined) return undefined;
  const output = count(value, 'completion_tokens') ?? count(value, 'output_tokens') ?? 0;
  const cached =
    count(child(value, 'prompt_tokens_details'), 'cached_tokens') ??
    count(child(value, 'input_tokens_details'), 'cached_tokens');
  return { input, output, ...(cached === undefined ? {} : { cached }) };
}

/** The member of an object, whatever `value` is. */
export function child(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function count(value: unknown, name: string): number | undefined {
  const number = child(value, name);
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}
