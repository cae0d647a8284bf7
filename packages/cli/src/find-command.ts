import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import type { Command, CommandEntry, Invocation } from './command.ts';
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

/** The commands that the first word begins, one word before their own: those of `audit`. */
export function commandsUnder(commands: readonly CommandEntry[], word: string): readonly CommandEntry[] {
  return commands.filter(({ name }) => name.startsWith(`${word} `));
}

/**
 * Reads what follows a command, strictly: every option known and given once, every operand there.
 * @throws ERR_CLI_OPTION_UNKNOWN, ERR_CLI_OPTION_VALUE, ERR_CLI_OPTION_REPEATED, ERR_CLI_OPERAND_MISSING, ERR_CLI_OPERAND_EXTRA
 */
export function parseInvocation(
  { operands: wanted }: CommandEntry,
  { options: own }: Command,
  rest: readonly string[],
  terminal: Terminal,
): Invocation {
  const { tokens, positionals: operands } = tokenize({ ...own, json: { help: '' } }, rest);
  const given = new Map<string, string | undefined>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    checkOption(own, token);
    if (given.has(token.name)) throw cliError('ERR_CLI_OPTION_REPEATED', { subject: token.rawName });
    given.set(token.name, token.value);
  }
  const missing = wanted[operands.length];
  if (missing !== undefined) throw cliError('ERR_CLI_OPERAND_MISSING', { subject: missing });
  const extra = operands[wanted.length];
  if (extra !== undefined) throw cliError('ERR_CLI_OPERAND_EXTRA', { subject: extra });
  return {
    operands,
    option: (name) => given.get(name),
    need(name) {
      const value = given.get(name);
      if (value === undefined) throw cliError('ERR_CLI_OPTION_MISSING', { subject: `--${name}` });
      return value;
    },
    has: (name) => given.has(name),
    terminal,
    isJson: given.has('json'),
  };
}

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];

function tokenize(
  options: Command['options'],
  rest: readonly string[],
): { readonly tokens: readonly Token[]; readonly positionals: readonly string[] } {
  const types = Object.entries(options).map(
    ([name, { value }]) => [name, { type: value === undefined ? 'boolean' : 'string' }] as const,
  );
  // Not strict: its own errors name the option only within a sentence of theirs.
  const known: ParseArgsOptionsConfig = Object.fromEntries(types);
  return parseArgs({ args: [...rest], allowPositionals: true, options: known, strict: false, tokens: true });
}

function checkOption(own: Command['options'], token: Extract<Token, { kind: 'option' }>): void {
  const { name, rawName: subject, value, inlineValue: isInline } = token;
  const option = Object.hasOwn(own, name) ? own[name] : undefined;
  if (option === undefined && name !== 'json') throw cliError('ERR_CLI_OPTION_UNKNOWN', { subject });
  const isSwitch = option?.value === undefined;
  // The next option is not this one's value; a single dash is: standard input.
  const isValue = value !== undefined && (isInline === true || !/^-./.test(value));
  if (isSwitch ? value !== undefined : !isValue) throw cliError('ERR_CLI_OPTION_VALUE', { subject });
}
