import { concat, equalBytes, fromBase64, fromHex, sha256, utf8 } from '@cloister/core';
import { auditError } from '../errors.ts';
import { parseNote } from '../note/parse-note.ts';
import { isKeyName } from '../note/verifier-key.ts';
import type { VerifierKey } from '../note/verifier-key.ts';
import { verifyEd25519 } from '../verify-ed25519.ts';

const COSIGNATURE = 4;
const LINE = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/;

/**
 * Parses the verifier key line of a witness: `name+hash+base64` of type 0x04 (C2SP tlog-cosignature, Ed25519).
 * @throws CloisterError `ERR_AUDIT_KEY`
 */
export function parseWitnessKey(text: string): VerifierKey {
  const [, name = '', hash = '', encoded = ''] = LINE.exec(text.length > 1024 ? '' : text.replace(/\n$/, '')) ?? [];
  const key = decode(encoded);
  if (key?.length !== 33 || key[0] !== COSIGNATURE || !isKeyName(name)) throw auditError('ERR_AUDIT_KEY');
  const id = sha256(concat(utf8(`${name}\n`), key)).subarray(0, 4);
  if (!equalBytes(id, fromHex(hash))) throw auditError('ERR_AUDIT_KEY');
  return { name, id, publicKey: key.subarray(1) };
}

function decode(encoded: string): Uint8Array | undefined {
  try {
    return fromBase64(encoded);
  } catch {
    return undefined;
  }
}

/** What a witness signs (C2SP tlog-cosignature, `cosignature/v1`). @param time whole seconds since the epoch */
export function cosignedMessage(text: string, time: number): Uint8Array {
  return utf8(`cosignature/v1\ntime ${time}\n${text}`);
}

/**
 * Verifies that a witness saw a checkpoint. Signatures of others are ignored; one of this key that does not verify
 * rejects the note.
 * @returns when the witness signed, in seconds since the epoch
 * @throws CloisterError `ERR_AUDIT_NOTE` or `ERR_AUDIT_NOTE_SIGNATURE`
 */
export async function verifyCosignature(note: string, witness: VerifierKey): Promise<number> {
  const { text, signatures } = parseNote(note);
  const times: number[] = [];
  for (const { name, id, signature } of signatures) {
    if (name !== witness.name || !equalBytes(id, witness.id)) continue;
    if (signature.length !== 72) throw auditError('ERR_AUDIT_NOTE_SIGNATURE');
    const time = Number(new DataView(signature.buffer, signature.byteOffset).getBigUint64(0));
    const holds =
      Number.isSafeInteger(time) &&
      (await verifyEd25519(witness.publicKey, cosignedMessage(text, time), signature.subarray(8)));
    if (!holds) throw auditError('ERR_AUDIT_NOTE_SIGNATURE');
    times.push(time);
  }
  if (times.length === 0) throw auditError('ERR_AUDIT_NOTE_SIGNATURE');
  return Math.max(...times);
}
