import { Buffer } from 'node:buffer';
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { concat, fromHex } from '@cloister/core';

// SubjectPublicKeyInfo of an uncompressed point (RFC 5480 section 2), up to the point.
const P256 = fromHex('3059301306072a8648ce3d020106082a8648ce3d03010703420004');
const P384 = fromHex('3076301006072a8648ce3d020106052b8104002203620004');

/** Importing a key costs half of what a P-256 signature does, and a root's key verifies several of them. */
const imported = new WeakMap<Uint8Array, { readonly copy: Uint8Array; readonly key: KeyObject }>();

function importKey(prefix: Uint8Array, publicKey: Uint8Array): KeyObject {
  const known = imported.get(publicKey);
  // The bytes are the caller's and may have changed since.
  if (known !== undefined && Buffer.compare(known.copy, publicKey) === 0) return known.key;
  const key = createPublicKey({ key: Buffer.from(concat(prefix, publicKey)), format: 'der', type: 'spki' });
  imported.set(publicKey, { copy: publicKey.slice(), key });
  return key;
}

/** An unsigned number as a DER INTEGER (X.690 section 8.3): no leading zeros but one that keeps it positive. */
function writeInteger(target: Uint8Array, offset: number, number: Uint8Array): number {
  let start = 0;
  while (start < number.length - 1 && number[start] === 0) start++;
  const padding = (number[start] as number) >= 0x80 ? 1 : 0;
  const length = number.length - start + padding;
  target[offset] = 0x02;
  target[offset + 1] = length;
  target.set(number.subarray(start), offset + 2 + padding);
  return offset + 2 + length;
}

/** r || s as an ECDSA-Sig-Value (RFC 5480 appendix A): OpenSSL takes it a third faster than its other encoding. */
function encodeSignature(signature: Uint8Array): Uint8Array {
  const half = signature.length / 2;
  const target = new Uint8Array(signature.length + 8);
  const middle = writeInteger(target, 2, signature.subarray(0, half));
  const end = writeInteger(target, middle, signature.subarray(half));
  target[0] = 0x30;
  target[1] = end - 2;
  return target.subarray(0, end);
}

function verifyPoint(
  [hash, prefix]: readonly ['sha256' | 'sha384', Uint8Array],
  publicKey: Uint8Array,
  [message, signature]: readonly [Uint8Array, Uint8Array],
): boolean {
  try {
    return verify(hash, message, importKey(prefix, publicKey), encodeSignature(signature));
  } catch {
    return false;
  }
}

/** ECDSA P-256 with SHA-256 (FIPS 186-5) by Node's native code. `publicKey` is x || y, `signature` r || s, 64 bytes each. */
export async function verifyP256(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  return verifyPoint(['sha256', P256], publicKey, [message, signature]);
}

/** ECDSA P-384 with SHA-384 (FIPS 186-5) by Node's native code. `publicKey` is x || y, `signature` r || s, 96 bytes each. */
export async function verifyP384(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  return verifyPoint(['sha384', P384], publicKey, [message, signature]);
}
