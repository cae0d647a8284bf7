import { retrieverError } from './errors.ts';

/**
 * Refuses the first option that is wrong.
 * @param problems the name of each option that is wrong, `false` for one that is not
 * @throws CloisterError `ERR_RETRIEVER_OPTIONS`
 */
export function checkOptions(problems: readonly (string | false)[]): void {
  const wrong = problems.find((subject) => subject !== false);
  if (wrong !== undefined) throw retrieverError('ERR_RETRIEVER_OPTIONS', { subject: wrong });
}

/** Whether a value is a whole number from `least` to `most`. */
export function isWithin(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}
