import { type CloisterError, findCloisterError } from '@cloister/core';
import type { CommandEntry } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { EXIT } from './exit-status.ts';
import { findCommand, parseInvocation } from './find-command.ts';
import { renderHelp, renderOverview } from './help.ts';
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
  const { entry, rest } = findCommand(commands, words);
  if (entry === undefined) return answerUnknown(words, terminal, commands);
  try {
    const command = await entry.load();
    if (!rest.includes('--help')) return await command.run(parseInvocation(entry, command, rest, terminal));
    terminal.line(renderHelp(entry, command));
    return EXIT.accept;
  } catch (error) {
    return report(error, terminal, rest.includes('--json'));
  }
}

function answerUnknown(words: readonly string[], terminal: Terminal, commands: readonly CommandEntry[]): number {
  const isAsked = words[0] === '--help' || words[0] === 'help';
  if (isAsked) terminal.line(renderOverview(commands));
  else terminal.note(renderOverview(commands));
  return isAsked ? EXIT.accept : EXIT.usage;
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
  return /^ERR_CLI_(?:USAGE|TIME|ROOTS|FILE_SYNTAX|POLICY)|_CONFIG_|_POLICY_/.test(code) ? EXIT.usage : EXIT.failed;
}

function renderDetail({ detail }: CloisterError): string {
  return Object.entries(detail)
    .map(([name, value]) => ` ${name}=${String(value)}`)
    .join('');
}
