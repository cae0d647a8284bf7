import { type Classification, isClassification } from '@cloister/core';
import type { Invocation } from '../command.ts';
import { cliError } from '../errors.ts';

/**
 * The class that an option names.
 * @throws ERR_CLI_OPTION_VALUE when it is none of the four
 */
export function readClass(invocation: Invocation, name: string): Classification | undefined {
  const value = invocation.option(name);
  if (value !== undefined && !isClassification(value)) throw cliError('ERR_CLI_OPTION_VALUE', { subject: `--${name}` });
  return value;
}
