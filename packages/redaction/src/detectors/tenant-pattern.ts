import { redactionError } from '../errors.ts';

const LONGEST_SOURCE = 200;
const MOST_VARIABLE_REPEATS = 4;
// A class or an escaped character counts as one; what is left shows the structure.
const ATOMS = /\\[^1-9k]|\[(?:\\.|[^\]\\]){0,200}\]/g;
const FORBIDDEN = /[*+]|\{\d+,\}|\)[?{]|\(\?[^:]|\\/;
const VARIABLE = /\{\d+,\d+\}|\?/g;
const LARGEST_REPEAT = 64;

/**
 * The expression of a tenant's pattern, global and case-sensitive. Only bounded repeats of single characters are allowed,
 * so no text can make it slow.
 * @param subject what the pattern is called in an error
 * @throws CloisterError ERR_REDACTION_PATTERN
 */
export function compilePattern(source: string, subject: string): RegExp {
  const structure = source.replace(ATOMS, 'x').replaceAll('(?:', '(');
  const repeats = [...structure.matchAll(/\{(\d+)(?:,(\d+))?\}/g)].map((match) => Number(match[2] ?? match[1]));
  const bounded =
    repeats.every((count) => count <= LARGEST_REPEAT) &&
    (structure.match(VARIABLE)?.length ?? 0) <= MOST_VARIABLE_REPEATS;
  if (source.length > LONGEST_SOURCE || FORBIDDEN.test(structure) || !bounded)
    throw redactionError('ERR_REDACTION_PATTERN', { subject });
  const pattern = compile(source);
  if (pattern === undefined || new RegExp(`^(?:${source})$`, 'u').test(''))
    throw redactionError('ERR_REDACTION_PATTERN', { subject });
  return pattern;
}

function compile(source: string): RegExp | undefined {
  try {
    return new RegExp(source, 'gu');
  } catch {
    return undefined;
  }
}
