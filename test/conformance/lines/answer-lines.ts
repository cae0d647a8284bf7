import { type Answer, answerQuestion, refusal } from './answer-question.ts';
import { splitLines, TOO_LONG } from './split-lines.ts';

/** One line holds a whole collection at most (area `retrieval`): 128 MiB. */
export const MAX_LINE_BYTES: number = 128 * 1024 * 1024;

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The JSON object of a line with its `id`; `undefined` when the line is not one JSON object in UTF-8. */
function parseLine(line: Uint8Array | typeof TOO_LONG): { readonly id?: unknown } | undefined {
  if (line === TOO_LONG) return undefined;
  try {
    const value: unknown = JSON.parse(decoder.decode(line));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * One line of JSON for every line of input, in order, whatever the input is. A line that is no JSON object is answered
 * with `ERR_CONFORMANCE_MALFORMED_LINE`, an answer that throws with its own code or `ERR_CONFORMANCE_INTERNAL`.
 */
export async function* answerLines(
  area: string,
  answer: Answer,
  input: AsyncIterable<Uint8Array>,
  options: { readonly maxLineBytes?: number } = {},
): AsyncGenerator<string> {
  for await (const line of splitLines(input, options.maxLineBytes ?? MAX_LINE_BYTES)) {
    const question = parseLine(line);
    yield question === undefined
      ? JSON.stringify(refusal(area, 'ERR_CONFORMANCE_MALFORMED_LINE', undefined))
      : await answerQuestion(area, answer, question);
  }
}
