import type { JsonValue } from '@cloister/core';

/** Colours that carry meaning; plain text carries it too. */
export type Tone = 'good' | 'bad' | 'weak' | 'strong';

/** Where a command writes. Results go to stdout, everything about the way there to stderr. */
export interface Terminal {
  /** Writes one line of the result. */
  line(text: string): void;
  /** Writes a text that is itself the result, exactly as it is and without a line end of its own. */
  raw(text: string): void;
  /** Writes the result as one JSON document. */
  json(value: JsonValue): void;
  /** Writes one line of progress or complaint. */
  note(text: string): void;
  /** The text in a colour where colours are wanted. */
  paint(tone: Tone, text: string): string;
}

/** A stream of a process, as far as this needs it. */
export interface Sink {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const CODES: Readonly<Record<Tone, string>> = { good: '32', bad: '31', weak: '2', strong: '1' };

/** Control characters would let a file under test write to the screen of whoever tests it. */
// eslint-disable-next-line no-control-regex -- these are the characters meant
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * A terminal over two streams.
 * @param environment `NO_COLOR` (any value but an empty one) and `TERM=dumb` turn colours off; so does a stdout that is no TTY
 */
export function createTerminal(
  streams: { readonly stdout: Sink; readonly stderr: Sink },
  environment: Readonly<Record<string, string | undefined>>,
): Terminal {
  const { stdout, stderr } = streams;
  const wanted = (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';
  const isColoured = wanted && stdout.isTTY === true;
  const clean = (text: string): string => text.replace(CONTROL, '?');
  return {
    line: (text) => stdout.write(`${isColoured ? text : clean(text)}\n`),
    raw: (text) => stdout.write(text),
    json: (value) => stdout.write(`${JSON.stringify(value, undefined, 2)}\n`),
    note: (text) => stderr.write(`${clean(text)}\n`),
    paint: (tone, text) => (isColoured ? `\u001B[${CODES[tone]}m${clean(text)}\u001B[0m` : text),
  };
}
