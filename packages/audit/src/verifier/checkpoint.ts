import { Buffer } from 'node:buffer';
import { createPublicKey, verify } from 'node:crypto';
import { refuse } from './fail.ts';
import { sha256 } from './hash.ts';

/** A tree head: who, how many leaves, which root; and the note that says so. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
  readonly note: string;
}

/** A key and the name that it signs under. */
export interface Key {
  readonly name: string;
  readonly id: Buffer;
  readonly publicKey: Buffer;
}

/** One line, C2SP signed-note: name + first four bytes of SHA-256(name, newline, 1, key) + base64 of 1 and the key. */
export function parseKey(line: string): Key {
  const [, name = '', hash = '', encoded = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})\n?$/.exec(line) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length !== 33 || bytes[0] !== 1) refuse('the key is no Ed25519 verifier key');
  const key = nameKey(name, bytes.subarray(1));
  if (key.id.toString('hex') !== hash) refuse('the key does not match its own hash');
  return key;
}

/** A key with its id. */
export function nameKey(name: string, publicKey: Buffer): Key {
  return { name, id: sha256(Buffer.from(`${name}\n`), Uint8Array.of(1), publicKey).subarray(0, 4), publicKey };
}

/** Ed25519, RFC 8032. */
export function isSigned({ publicKey }: Key, message: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') },
    format: 'jwk',
  });
  return verify(null, message, key, signature);
}

const BODY = /^([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n$/;

/** Verifies a note of C2SP tlog-checkpoint: the text up to the last empty line, signed by the key. */
export function verifyCheckpoint(note: string, key: Key): Checkpoint {
  const end = note.lastIndexOf('\n\n');
  if (end < 0) refuse('the checkpoint is no signed note');
  const text = note.slice(0, end + 1);
  const ours = note
    .slice(end + 2)
    .split('\n')
    .filter((signature) => signature.startsWith(`— ${key.name} `))
    .map((signature) => Buffer.from(signature.slice(key.name.length + 3), 'base64'))
    .filter((signature) => signature.subarray(0, 4).equals(key.id));
  if (ours.length === 0) refuse('the checkpoint is not signed by the key');
  const areSigned = ours.every((signature) => isSigned(key, Buffer.from(text), signature.subarray(4)));
  if (!areSigned) refuse('a signature of the checkpoint does not verify');
  const [, origin, size, root = ''] = BODY.exec(text) ?? [];
  if (origin !== key.name) refuse('the checkpoint is of another log');
  return { origin, size: Number(size), root: Buffer.from(root, 'base64'), note };
}
