import { equalBytes, utf8 } from '@cloister/core';
import { auditError } from '../errors.ts';
import { verifyEd25519 } from '../verify-ed25519.ts';
import { parseNote } from './parse-note.ts';
import type { VerifierKey } from './verifier-key.ts';

/**
 * Verifies a signed note (C2SP signed-note) and gives its text. Signatures of other keys are ignored; one of `key` that
 * does not verify rejects the note, even beside one that does.
 * @returns the signed text with its final newline
 * @throws CloisterError `ERR_AUDIT_NOTE` or `ERR_AUDIT_NOTE_SIGNATURE`
 */
export async function verifyNote(note: string, key: VerifierKey): Promise<string> {
  const { text, signatures } = parseNote(note);
  const ours = signatures.filter(({ name, id }) => name === key.name && equalBytes(id, key.id));
  const message = utf8(text);
  const verdicts = await Promise.all(ours.map(({ signature }) => verifyEd25519(key.publicKey, message, signature)));
  if (verdicts.length === 0 || verdicts.includes(false)) throw auditError('ERR_AUDIT_NOTE_SIGNATURE');
  return text;
}
