import { concat, equalBytes, fromBase64, fromHex, sha256, toBase64, toHex, utf8 } from '@cloister/core';
import { auditError } from '../errors.ts';

/** A key that signs notes, as a verifier knows it (C2SP signed-note). */
export interface VerifierKey {
  readonly name: string;
  /** The first four bytes of SHA-256(name || 0x0A || 0x01 || public key). */
  readonly id: Uint8Array;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
}

const ED25519 = 1;
const LINE = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/;

/** Whether a text can name a key: not empty, well-formed, no Unicode space, no plus, no control character. */
export function isKeyName(name: string): boolean {
  return name.length <= 256 && name.isWellFormed() && /^[^\s+\p{Z}\p{Cc}]+$/u.test(name);
}

function keyId(name: string, publicKey: Uint8Array): Uint8Array {
  return sha256(concat(utf8(`${name}\n`), Uint8Array.of(ED25519), publicKey)).subarray(0, 4);
}

/**
 * The verifier key of a name and an Ed25519 public key.
 * @throws CloisterError `ERR_AUDIT_KEY` on a name or key that cannot be one
 */
export function createVerifierKey(name: string, publicKey: Uint8Array): VerifierKey {
  if (!isKeyName(name) || publicKey.length !== 32) throw auditError('ERR_AUDIT_KEY');
  return { name, id: keyId(name, publicKey), publicKey };
}

/** One line: `name+hash+base64`. */
export function encodeVerifierKey({ name, id, publicKey }: VerifierKey): string {
  return `${name}+${toHex(id)}+${toBase64(concat(Uint8Array.of(ED25519), publicKey))}`;
}

/**
 * Parses a verifier key line; a newline at its end is allowed, as in a file.
 * @throws CloisterError `ERR_AUDIT_KEY` on any other form, another algorithm than Ed25519 or a wrong hash
 */
export function parseVerifierKey(text: string): VerifierKey {
  const [, name, hash, encoded] = LINE.exec(text.length > 1024 ? '' : text.replace(/\n$/, '')) ?? [];
  if (name === undefined || hash === undefined || encoded === undefined) throw auditError('ERR_AUDIT_KEY');
  const key = decodeKey(encoded);
  if (key.length !== 33 || key[0] !== ED25519) throw auditError('ERR_AUDIT_KEY');
  const verifierKey = createVerifierKey(name, key.subarray(1));
  if (!equalBytes(verifierKey.id, fromHex(hash))) throw auditError('ERR_AUDIT_KEY');
  return verifierKey;
}

function decodeKey(encoded: string): Uint8Array {
  try {
    return fromBase64(encoded);
  } catch {
    throw auditError('ERR_AUDIT_KEY');
  }
}
