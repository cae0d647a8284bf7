import type { Terminal } from './terminal.ts';

/** An option of a command: `--name`, with a value when it has a placeholder. */
export interface CommandOption {
  /** How the value is called in the help, for example `FILE`; without it the option is a switch. */
  readonly value?: string;
  readonly help: string;
}

/** What a command is run with. */
export interface Invocation {
  /** What the command line gives besides options, one for each name in `operands`. */
  readonly operands: readonly string[];
  /** The value of an option; `undefined` when it was not given. */
  option(name: string): string | undefined;
  /** The value of an option that must be given. @throws ERR_CLI_OPTION_MISSING */
  need(name: string): string;
  /** Whether a switch was given. */
  has(name: string): boolean;
  readonly terminal: Terminal;
  /** Whether the result is to be one JSON document. */
  readonly isJson: boolean;
}

/** A command in the list. Adding one is a file in `commands/` and an entry of its list. */
export interface CommandEntry {
  /** One or two words: `doctor`, `verify quote`. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What must follow, by name: `['FILE']`. */
  readonly operands: readonly string[];
  /** Loads the command: no other one's packages, which would take most of the time of a short run. */
  load(): Promise<Command>;
}

/** What a command says of itself and does. */
export interface Command {
  /** Paragraphs of the help, wrapped by hand at 100 columns. */
  readonly details: string;
  /** `json` and `help` exist everywhere. */
  readonly options: Readonly<Record<string, CommandOption>>;
  /** Does the work. @returns the exit status; @throws CloisterError */
  run(invocation: Invocation): Promise<number>;
}
