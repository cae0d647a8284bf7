import { type CloisterError, createErrors } from '@cloister/core';

/** Everything that `prompt` refuses, by name. */
export type PromptErrorCode =
  | 'ERR_PROMPT_BUDGET'
  | 'ERR_PROMPT_CANARY'
  | 'ERR_PROMPT_CLASSIFIER'
  | 'ERR_PROMPT_DELIMITER'
  | 'ERR_PROMPT_HOST'
  | 'ERR_PROMPT_LABEL'
  | 'ERR_PROMPT_NOT_TRUSTED'
  | 'ERR_PROMPT_QUESTION_ABOVE_CLEARANCE'
  | 'ERR_PROMPT_TOO_MANY_PARTS'
  | 'ERR_PROMPT_UNTRUSTED_VALUE';

/** Makes an error of this package; its texts stand here and nowhere else (DESIGN 7). */
export const promptError: (
  code: PromptErrorCode,
  occurrence?: { readonly subject?: string; readonly detail?: Readonly<Record<string, number | boolean>> },
) => CloisterError<PromptErrorCode> = createErrors<PromptErrorCode>({
  ERR_PROMPT_BUDGET: {
    message: 'instructions and question alone exceed the token budget',
    fix: 'Raise maxTokens, or shorten the instructions or the question.',
  },
  ERR_PROMPT_CANARY: {
    message: 'the answer repeats the canary of the system message',
    fix: 'Show nothing of this answer: a source or the question got the model to recite its instructions.',
  },
  ERR_PROMPT_CLASSIFIER: {
    message: 'a classifier has a window below 64 code units or gave a score outside 0 to 1',
    fix: 'Check the adapter of the model: its score is a probability, its window what the model reads at once.',
  },
  ERR_PROMPT_DELIMITER: {
    message: 'a delimiter key has 8 to 32 lower-case hexadecimal digits, a canary 16 to 32',
    fix: 'Leave the delimiter out so that a fresh one is made for every prompt, and make canaries with createCanary.',
  },
  ERR_PROMPT_HOST: {
    message: 'an entry of the list of hosts is no host name',
    fix: 'Write names in lower case without scheme, port or path, as in docs.example.com or *.example.com.',
  },
  ERR_PROMPT_LABEL: {
    message: 'a label or clearance is not one of the four classes',
    fix: 'Use public, internal, confidential or restricted.',
  },
  ERR_PROMPT_NOT_TRUSTED: {
    message: 'instructions were not made by the template tag `trusted`',
    fix: 'Write the instructions in the source code as trusted`…`; text that comes from anywhere else belongs into a source.',
  },
  ERR_PROMPT_QUESTION_ABOVE_CLEARANCE: {
    message: 'the question or a turn of the history is labelled above the clearance of the caller',
    fix: 'Leave turns out that the caller may no longer see, or ask with the clearance that the conversation needs.',
  },
  ERR_PROMPT_TOO_MANY_PARTS: {
    message: 'a prompt takes at most 999 sources and 999 turns of history',
    fix: 'Ask the retriever for fewer chunks, or hand over only the last turns.',
  },
  ERR_PROMPT_UNTRUSTED_VALUE: {
    message: 'a value in a trusted template is neither trusted text nor a finite number',
    fix: 'Pass the value as a source or as part of the question: instructions hold only text of the source code.',
  },
});
