import { open } from 'node:fs/promises';
import process from 'node:process';
import { cliError } from '../errors.ts';

/** Largest input of any command in bytes. */
const MAX_INPUT = 16 * 1024 * 1024;

/**
 * Reads a file whole; `-` is standard input.
 * @throws ERR_CLI_FILE_UNREADABLE, ERR_CLI_FILE_TOO_LARGE with the file's name as subject
 */
export async function readInput(name: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of openInput(name)) {
    length += part.length;
    if (length > MAX_INPUT) throw cliError('ERR_CLI_FILE_TOO_LARGE', { subject: name });
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

async function* openInput(name: string): AsyncGenerator<Uint8Array> {
  try {
    if (name === '-') yield* process.stdin;
    else yield* (await open(name)).createReadStream() as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw cliError('ERR_CLI_FILE_UNREADABLE', { subject: name, cause: error });
  }
}
