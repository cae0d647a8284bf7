import { fromUtf8, isCloisterError } from '@cloister/core';
import { cliError } from '../errors.ts';
import { readInput } from './read-input.ts';

/**
 * Reads a text file whole; `-` is standard input.
 * @throws ERR_CLI_FILE_ENCODING when it is not UTF-8, and what `readInput` throws
 */
export async function readText(name: string): Promise<string> {
  const bytes = await readInput(name);
  try {
    return fromUtf8(bytes);
  } catch {
    throw cliError('ERR_CLI_FILE_ENCODING', { subject: name });
  }
}

/**
 * Turns each line of JSON into another; empty lines and line ends stay.
 * @throws ERR_CLI_JSONL_LINE with `detail.line` when a line is no JSON
 */
export async function mapJsonLines(text: string, change: (line: string) => Promise<string>): Promise<string> {
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    lines[index] = await change(line).catch((error: unknown) => {
      if (!isCloisterError(error) || !error.code.startsWith('ERR_CORE_JSON_')) throw error;
      // What the parser says has an offset and no text, but a line number is what a person looks for.
      throw cliError('ERR_CLI_JSONL_LINE', { detail: { line: index + 1 } });
    });
  }
  return lines.join('\n');
}
