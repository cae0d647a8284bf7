import { isCloisterError } from '@cloister/core';

/** What an area's module exports: one answer for one parsed line. It may keep state between lines. */
export type Answer = (line: unknown) => Promise<object>;

/** A refusal as the area spells it: `evidence` answers with a verdict. */
export function refusal(area: string, code: string, id: unknown): object {
  return {
    ...(id === undefined ? {} : { id }),
    ok: false,
    ...(area === 'evidence' ? { verdict: 'malformed' } : {}),
    code,
  };
}

/** The answer to one question as JSON; where answering throws, the error's own code or `ERR_CONFORMANCE_INTERNAL`. */
export async function answerQuestion(
  area: string,
  answer: Answer,
  question: { readonly id?: unknown },
): Promise<string> {
  try {
    return JSON.stringify(Object(await answer(question)));
  } catch (error) {
    return JSON.stringify(refusal(area, isCloisterError(error) ? error.code : 'ERR_CONFORMANCE_INTERNAL', question.id));
  }
}
