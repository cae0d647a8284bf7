import { runtimeError } from './errors.ts';

/** An answer on its way: read it as it comes, or ask for the result. Nothing starts before one of the two is used. */
export interface Answer<Result, Text extends string = string> {
  /** The restored text in pieces. Can be read once. */
  readonly textStream: AsyncIterable<Text>;
  /** Reads what is left and gives the result. Rejects with the error that ended the answer. */
  result(): Promise<Result>;
}

/**
 * Wraps the generator that produces an answer. Both members are lazy, so an answer that nobody reads costs nothing and
 * cannot reject unheard.
 */
export function createAnswer<Result, Text extends string>(
  generator: AsyncGenerator<Text, Result, undefined>,
): Answer<Result, Text> {
  let settled: Promise<Result> | undefined;
  let finished: { readonly value: Result } | undefined;
  let failure: { readonly error: unknown } | undefined;

  const step = async (): Promise<IteratorResult<Text, undefined>> => {
    try {
      const next = await generator.next();
      if (next.done !== true) return next;
      finished ??= { value: next.value };
      return { done: true, value: undefined };
    } catch (error) {
      failure = { error };
      throw error;
    }
  };

  const drain = async (): Promise<Result> => {
    while (finished === undefined) {
      if (failure !== undefined) throw failure.error;
      const next = await step();
      if (next.done === true && finished === undefined) throw runtimeError('ERR_RUNTIME_ANSWER_ABANDONED');
    }
    return finished.value;
  };

  const stop = async (): Promise<IteratorResult<Text, undefined>> => {
    if (finished === undefined) failure ??= { error: runtimeError('ERR_RUNTIME_ANSWER_ABANDONED') };
    await generator.return(undefined as never);
    return { done: true, value: undefined };
  };

  return {
    textStream: { [Symbol.asyncIterator]: () => ({ next: step, return: stop }) },
    result: () => (settled ??= drain()),
  };
}
