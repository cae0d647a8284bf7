export type { Command, CommandEntry, CommandOption, Invocation } from './command.ts';
export type { CliErrorCode } from './errors.ts';
export { EXIT, type Verdict } from './exit-status.ts';
export { runCli } from './run-cli.ts';
export { createTerminal, type Sink, type Terminal, type Tone } from './terminal.ts';
