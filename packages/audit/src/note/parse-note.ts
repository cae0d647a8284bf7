import { fromBase64 } from '@cloister/core';
import { auditError } from '../errors.ts';
import { isKeyName } from './verifier-key.ts';

/** One signature line. */
export interface NoteSignature {
  readonly name: string;
  /** 4 bytes. */
  readonly id: Uint8Array;
  readonly signature: Uint8Array;
}

/** A signed note taken apart; nothing about it has been verified. */
export interface Note {
  /** The signed text, with its final newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

const MAX_LENGTH = 1024 * 1024;
const MAX_SIGNATURES = 100;
// oxlint-disable-next-line no-control-regex -- the specification names exactly these
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;
const SIGNATURE = /^— ([^ ]+) ([A-Za-z0-9+/=]+)$/;

/**
 * Takes a signed note apart (C2SP signed-note): the text ends at the last empty line, then 1 to 100 signature lines.
 * @throws CloisterError `ERR_AUDIT_NOTE`
 */
export function parseNote(note: string): Note {
  const end = note.lastIndexOf('\n\n');
  const malformed = note.length > MAX_LENGTH || !note.isWellFormed() || CONTROL.test(note) || !note.endsWith('\n');
  const lines = note.slice(end + 2, -1).split('\n');
  if (malformed || end < 0 || lines.length > MAX_SIGNATURES) throw auditError('ERR_AUDIT_NOTE');
  return { text: note.slice(0, end + 1), signatures: lines.map(parseSignature) };
}

function parseSignature(line: string): NoteSignature {
  const [, name, encoded] = SIGNATURE.exec(line) ?? [];
  if (name === undefined || encoded === undefined || !isKeyName(name)) throw auditError('ERR_AUDIT_NOTE');
  const bytes = decode(encoded);
  if (bytes.length < 5) throw auditError('ERR_AUDIT_NOTE');
  return { name, id: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

function decode(encoded: string): Uint8Array {
  try {
    return fromBase64(encoded);
  } catch {
    throw auditError('ERR_AUDIT_NOTE');
  }
}
