import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import type { Command, CommandEntry, CommandOption, Invocation } from './command.ts';
import { cliError } from './errors.ts';
import type { Terminal } from './terminal.ts';

/** A command and what follows it on the line. */
export interface Found {
  readonly entry: CommandEntry | undefined;
  readonly rest: readonly string[];
}

/** Finds the command that the first one or two words name. */
export function findCommand(commands: readonly CommandEntry[], words: readonly string[]): Found {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(' ');
    const entry = commands.find((candidate) => candidate.name === name);
    if (entry !== undefined) return { entry, rest: words.slice(length) };
  }
  return { entry: undefined, rest: words };
}

/**
 * Reads what follows a command, strictly: every option known and given once, every operand there.
 * @throws ERR_CLI_USAGE
 */
export function parseInvocation(
  { name, operands: wanted }: CommandEntry,
  { options }: Command,
  rest: readonly string[],
  terminal: Terminal,
): Invocation {
  const { values, operands } = parse(name, options, rest);
  if (operands.length !== wanted.length) {
    throw cliError('ERR_CLI_USAGE', { subject: wanted[operands.length] ?? 'too many operands' });
  }
  return {
    operands,
    option(name) {
      const value = values.get(name);
      return typeof value === 'string' ? value : undefined;
    },
    has: (name) => values.get(name) === true,
    terminal,
    isJson: values.get('json') === true,
  };
}

interface Parsed {
  readonly values: ReadonlyMap<string, unknown>;
  readonly operands: readonly string[];
}

function parse(name: string, own: Command['options'], rest: readonly string[]): Parsed {
  const known = Object.entries<CommandOption>({ ...own, json: { help: '' } }).map(
    ([option, { value }]) => [option, { type: value === undefined ? 'boolean' : 'string', multiple: true }] as const,
  );
  const options: ParseArgsOptionsConfig = Object.fromEntries(known);
  const { values, positionals } = tokenize(name, rest, options);
  const given = Object.entries(values).map(([option, value]) => [option, once(option, value)] as const);
  return { values: new Map(given), operands: positionals };
}

type Tokens = Pick<ReturnType<typeof parseArgs>, 'values' | 'positionals'>;

function tokenize(command: string, rest: readonly string[], options: ParseArgsOptionsConfig): Tokens {
  try {
    return parseArgs({ args: [...rest], allowPositionals: true, options });
  } catch {
    // What parseArgs says repeats the command line; the help says what it should be.
    throw cliError('ERR_CLI_USAGE', { subject: command });
  }
}

function once(name: string, given: unknown): unknown {
  if (!Array.isArray(given) || given.length !== 1) throw cliError('ERR_CLI_USAGE', { subject: `--${name}` });
  return given[0];
}
