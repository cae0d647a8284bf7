import { Buffer } from 'node:buffer';
import { createPublicKey, verify } from 'node:crypto';
import { refuse } from './fail.ts';
import { sha256 } from './hash.ts';

/** A signed tree head: who, how many leaves, which root. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

interface Key {
  readonly name: string;
  readonly id: Buffer;
  readonly publicKey: Buffer;
}

/** One line, C2SP signed-note: name + first four bytes of SHA-256(name, newline, 1, key) + base64 of 1 and the key. */
export function parseKey(line: string): Key {
  const [, name = '', hash = '', encoded = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})\n?$/.exec(line) ?? [];
  const key = Buffer.from(encoded, 'base64');
  if (key.length !== 33 || key[0] !== 1) refuse('the key is no Ed25519 verifier key');
  const id = sha256(`${name}\n`, key).subarray(0, 4);
  if (id.toString('hex') !== hash) refuse('the key does not match its own hash');
  return { name, id, publicKey: key.subarray(1) };
}

const BODY = /^([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n$/;

/** Verifies a note of C2SP tlog-checkpoint: the text up to the last empty line, signed by the key. */
export function verifyCheckpoint(note: string, line: string): Checkpoint {
  const key = parseKey(line);
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
  const publicKey = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: key.publicKey.toString('base64url') },
    format: 'jwk',
  });
  const isSigned = ours.every((signature) => verify(null, Buffer.from(text), publicKey, signature.subarray(4)));
  if (!isSigned) refuse('a signature of the checkpoint does not verify');
  const [, origin, size, root = ''] = BODY.exec(text) ?? [];
  if (origin !== key.name) refuse('the checkpoint is of another log');
  return { origin, size: Number(size), root: Buffer.from(root, 'base64') };
}
