import { fromUtf8, type JsonValue, parseJson } from '@cloister/core';
import { parseDocument } from 'yaml';
import { cliError } from '../errors.ts';
import { readInput } from './read-input.ts';

/**
 * Reads a document that a person wrote: YAML 1.2 and with it JSON. Repeated keys, tags, anchors and more than one
 * document are refused, because two readers could understand them differently.
 * @throws ERR_CLI_FILE_SYNTAX with the file's name and `detail.line`, and what `readInput` throws
 */
export async function readDocument(name: string): Promise<JsonValue> {
  return interpretDocument(name, await readInput(name));
}

/** As `readDocument`, of bytes that were read already. @throws ERR_CLI_FILE_SYNTAX */
export function interpretDocument(name: string, bytes: Uint8Array): JsonValue {
  const text = decode(name, bytes);
  if (/^\s*[[{]/.test(text)) return parseStrictJson(name, text);
  const document = parseDocument(text, { uniqueKeys: true, strict: true, schema: 'core', version: '1.2' });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    throw cliError('ERR_CLI_FILE_SYNTAX', { subject: name, detail: { line: problem.linePos?.[0].line ?? 1 } });
  }
  try {
    // No alias may be followed: what is written is what is meant.
    const value: unknown = document.toJS({ maxAliasCount: 0 });
    return parseJson(JSON.stringify(value));
  } catch {
    throw cliError('ERR_CLI_FILE_SYNTAX', { subject: name, detail: { line: 1 } });
  }
}

function decode(name: string, bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes);
  } catch {
    throw cliError('ERR_CLI_FILE_SYNTAX', { subject: name, detail: { line: 1 } });
  }
}

function parseStrictJson(name: string, text: string): JsonValue {
  try {
    return parseJson(text);
  } catch {
    throw cliError('ERR_CLI_FILE_SYNTAX', { subject: name, detail: { line: 1 } });
  }
}
