import type { Command, CommandEntry, CommandOption } from './command.ts';

const EVERYWHERE: Readonly<Record<string, CommandOption>> = {
  json: { help: 'print one JSON document instead of text' },
  help: { help: 'print this' },
};

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}

/** The help of the program: every command with its summary. */
export function renderOverview(commands: readonly CommandEntry[]): string {
  const rows = commands.map(({ name, operands, summary }) => [[name, ...operands].join(' '), summary] as const);
  return [
    'usage: cloister <command> [options]',
    columns(rows),
    'Results go to stdout, progress to stderr. Every command takes --json and --help; --version prints the version.',
    'Exit status: 0 accepted, 1 could not run, 2 wrong usage, 10 rejected, 20 unsupported, 30 malformed.',
  ].join('\n\n');
}

/** How one command is called. */
export function renderUsage({ name, operands }: CommandEntry): string {
  return ['usage: cloister', name, ...operands, '[options]'].join(' ');
}

/** The help of one command. */
export function renderHelp(entry: CommandEntry, { options: own, details }: Command): string {
  const options = Object.entries({ ...own, ...EVERYWHERE }).map(
    ([name, { value, help }]) => [value === undefined ? `--${name}` : `--${name} ${value}`, help] as const,
  );
  return [renderUsage(entry), `${entry.summary}.`, details, columns(options)].join('\n\n');
}
