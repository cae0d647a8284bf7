import { readFileSync } from 'node:fs';
import { type CloisterError, findCloisterError, isCloisterError } from '@cloister/core';
import type { CommandEntry } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { cliError } from './errors.ts';
import { EXIT } from './exit-status.ts';
import { commandsUnder, findCommand, parseInvocation } from './find-command.ts';
import { renderHelp, renderOverview, renderUsage } from './help.ts';
import type { Terminal } from './terminal.ts';

/**
 * Runs one command line. Never throws and never exits: the status is for the caller to end with.
 * @param words the command line without the program's own name
 */
export async function runCli(
  words: readonly string[],
  terminal: Terminal,
  commands: readonly CommandEntry[] = COMMANDS,
): Promise<number> {
  if (words[0] === 'help' && words.length > 1) return runCli([...words.slice(1), '--help'], terminal, commands);
  const { entry, rest } = findCommand(commands, words);
  if (entry === undefined) return answerWithoutCommand(words, terminal, commands);
  try {
    const command = await entry.load();
    if (!rest.includes('--help')) return await command.run(parseInvocation(entry, command, rest, terminal));
    terminal.line(renderHelp(entry, command));
    return EXIT.accept;
  } catch (error) {
    if (isCloisterError(error) && error.code.startsWith('ERR_CLI_OP')) terminal.note(renderUsage(entry));
    return report(error, terminal, rest.includes('--json'));
  }
}

/** The version, or the list: of all commands, or of those that the first word begins. */
function answerWithoutCommand(words: readonly string[], terminal: Terminal, commands: readonly CommandEntry[]): number {
  const [first = '', second] = words.filter((word) => word !== '--help' && word !== '--json' && word !== 'help');
  if (first === '--version') {
    terminal.line(readVersion());
    return EXIT.accept;
  }
  const group = commandsUnder(commands, first);
  if (first !== '' && (group.length === 0 || second !== undefined)) {
    const subject = group.length === 0 ? first : `${first} ${second}`;
    return report(cliError('ERR_CLI_COMMAND_UNKNOWN', { subject }), terminal, words.includes('--json'));
  }
  const overview = renderOverview(group.length === 0 ? commands : group);
  const isAsked = words.some((word) => word === '--help' || word === 'help');
  if (isAsked) terminal.line(overview);
  else terminal.note(overview);
  return isAsked ? EXIT.accept : EXIT.usage;
}

/** The version of this package, which stands beside its sources and its build alike. */
function readVersion(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

/** Errors of ours say what to do; of others nothing is shown but their kind, because their texts may quote data. */
function report(thrown: unknown, terminal: Terminal, isJson: boolean): number {
  const error = findCloisterError(thrown);
  if (error === undefined) {
    terminal.note(`failed: ${thrown instanceof Error ? thrown.name : 'unknown error'}`);
    return EXIT.failed;
  }
  const { code, message, fix, detail } = error;
  if (isJson) terminal.json({ error: { code, message, fix, detail } });
  terminal.note(`${terminal.paint('bad', 'error:')} ${message}\n  ${fix}\n  ${code}${renderDetail(error)}`);
  if (code === 'ERR_CLI_RECEIPT_FILE') return EXIT.malformed;
  return /^ERR_CLI_(?:COMMAND|OPERAND|OPTION|TIME|ROOTS|FILE_SYNTAX|POLICY)|_CONFIG_|_POLICY_/.test(code)
    ? EXIT.usage
    : EXIT.failed;
}

function renderDetail({ detail }: CloisterError): string {
  return Object.entries(detail)
    .map(([name, value]) => ` ${name}=${String(value)}`)
    .join('');
}
