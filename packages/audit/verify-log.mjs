#!/usr/bin/env node
import { Buffer } from 'node:buffer';
import { createPublicKey, hash, verify } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import process from 'node:process';

/** Why a log is refused. */
class Refusal extends Error {}

/** Ends the verification. */
function refuse(reason) {
  throw new Refusal(reason);
}

const LEAF = Uint8Array.of(0);
/** A one, then two hashes: used again each time. */
const PAIR = new Uint8Array(65).fill(1, 0, 1);

/** SHA-256 of parts in order. */
function sha256(...parts) {
  return hash('sha256', Buffer.concat(parts), 'buffer');
}

/** RFC 6962 section 2.1: the hash of a leaf. */
function leafHash(entry) {
  return sha256(LEAF, entry);
}

/** RFC 6962 section 2.1: the hash over two subtrees. */
function nodeHash(left, right) {
  PAIR.set(left, 1);
  PAIR.set(right, 33);
  return hash('sha256', PAIR, 'buffer');
}

/** A tree that only grows: the roots of its complete subtrees, from the widest to the narrowest. */
class GrowingTree {
  size = 0;
  #peaks = [];

  /** Adds a leaf's hash; two subtrees of one width become the next wider one. */
  append(hash) {
    this.size += 1;
    let peak = { width: 1, hash };
    for (let last = this.#peaks.at(-1); last?.width === peak.width; last = this.#peaks.at(-1)) {
      this.#peaks.pop();
      peak = { width: peak.width * 2, hash: nodeHash(last.hash, peak.hash) };
    }
    this.#peaks.push(peak);
  }

  /** RFC 6962 section 2.1: the root over all leaves so far. */
  root() {
    const [last, ...rest] = this.#peaks.toReversed();
    if (last === undefined) return sha256();
    return rest.reduce((hash, peak) => nodeHash(peak.hash, hash), last.hash);
  }
}

/** A tree head: who, how many leaves, which root; and the note that says so. */

/** A key and the name that it signs under. */

/** One line, C2SP signed-note: name + first four bytes of SHA-256(name, newline, 1, key) + base64 of 1 and the key. */
function parseKey(line) {
  const [, name = '', hash = '', encoded = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})\n?$/.exec(line) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length !== 33 || bytes[0] !== 1) refuse('the key is no Ed25519 verifier key');
  const key = nameKey(name, bytes.subarray(1));
  if (key.id.toString('hex') !== hash) refuse('the key does not match its own hash');
  return key;
}

/** A key with its id. */
function nameKey(name, publicKey) {
  return { name, id: sha256(Buffer.from(`${name}\n`), Uint8Array.of(1), publicKey).subarray(0, 4), publicKey };
}

/** Ed25519, RFC 8032. */
function isSigned({ publicKey }, message, signature) {
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') },
    format: 'jwk',
  });
  return verify(null, message, key, signature);
}

const BODY = /^([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n$/;

/** Verifies a note of C2SP tlog-checkpoint: the text up to the last empty line, signed by the key. */
function verifyCheckpoint(note, key) {
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

/** A file of entries: a header, then frames. */

const MAGIC = 'cloister-audit/3\n';
const HEADER = MAGIC.length + 8 + 32 + 4;

/** The segments of a directory in order, read one after the other. */
function* readSegments(directory) {
  const names = readdirSync(directory)
    .filter((name) => /^segment-[0-9]{6,12}\.log$/.test(name))
    .toSorted((left, right) => left.length - right.length || (left < right ? -1 : 1));
  if (names.length === 0) refuse('there is no segment');
  for (const name of names) yield readSegment(name, readFileSync(join(directory, name)));
}

/** Header: magic, u64 first index, root, CRC-32. */
function readSegment(name, bytes) {
  const isWhole = bytes.length >= HEADER && bytes.toString('latin1', 0, MAGIC.length) === MAGIC;
  if (!isWhole || bytes.readUInt32BE(HEADER - 4) !== crc32(bytes.subarray(0, HEADER - 4))) refuse(`${name}: no header`);
  const first = Number(bytes.readBigUInt64BE(MAGIC.length));
  const root = bytes.subarray(MAGIC.length + 8, HEADER - 4);
  return { name, first, root, each: (take) => readFrames(bytes.subarray(HEADER), take) };
}

/** Frame: u32 length, u32 CRC-32 of the rest, u32 distance, entry. */
function readFrames(bytes, take) {
  let at = 0;
  while (bytes.length - at >= 12) {
    const length = bytes.readUInt32BE(at);
    const frame = bytes.subarray(at + 8, at + 12 + length);
    if (length === 0 || length > 2048 || frame.length !== 4 + length || bytes.readUInt32BE(at + 4) !== crc32(frame))
      break;
    take(frame.subarray(4));
    at += 12 + length;
  }
  return bytes.length - at;
}

/** An event as far as the verifier looks into it. */

/** What every event has, in order. */
const MEMBERS = ['id', 'outcome', 'ts', 'type', 'v'];

// Nothing in an event is longer than a digest or a registered name, and nothing has a space: sentences do not fit.
const LONGEST_WORD = 128;
const DIGITS = '0123456789';
const [IS_DIGIT, IS_LETTER] = [DIGITS, `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz${DIGITS}._:/@-`].map(
  (set) => Uint8Array.from({ length: 256 }, (_, code) => Number(set.includes(String.fromCharCode(code)))),
);

/** Reads an entry: canonical JSON (RFC 8785) of whole numbers, booleans and single words. */
function readEvent(entry, index) {
  const text = entry.toString('latin1');
  const type = new Form(text).type();
  if (type === undefined) refuse(`event ${index} is not canonical or holds what is no word`);
  if (type === '') refuse(`event ${index} lacks a member`);
  // Only what the log says about itself is looked into.
  return type.startsWith('audit.') ? JSON.parse(text) : { type };
}

/** A member that must be a whole number. */
function countOf(event, name, index) {
  const value = event[name];
  return typeof value === 'number' ? value : refuse(`event ${index} lacks a member`);
}

/** The one form of an entry: no spaces, no escapes, names in order and none twice, numbers as JavaScript writes them. */
class Form {
  #text;
  #at = 0;
  #type = '';
  /** How many of the members of every event were there. */
  #required = 0;

  constructor(text) {
    this.#text = text;
  }

  /** The event's type; empty when a member is missing, `undefined` for any other form. */
  type() {
    if (!this.#object(true) || this.#at !== this.#text.length) return undefined;
    return this.#required === MEMBERS.length ? this.#type : '';
  }

  #object(isEvent) {
    if (!this.#take('{')) return false;
    for (let before = ''; !this.#take('}');) {
      if (before !== '' && !this.#take(',')) return false;
      const name = this.#word();
      if (name <= before || !this.#take(':')) return false;
      const start = this.#at;
      if (!this.#value()) return false;
      if (isEvent && name === MEMBERS[this.#required]) this.#required += 1;
      if (isEvent && name === 'type' && this.#text[start] === '"')
        this.#type = this.#text.slice(start + 1, this.#at - 1);
      before = name;
    }
    return true;
  }

  #value() {
    if (this.#sees('"')) return this.#word() !== '';
    if (this.#sees('{')) return this.#object(false);
    return this.#take('true') || this.#take('false') || this.#number();
  }

  /** What is between the quotes; empty when it is no word. */
  #word() {
    if (!this.#take('"')) return '';
    const word = this.#while(IS_LETTER);
    return word.length <= LONGEST_WORD && this.#take('"') ? word : '';
  }

  #number() {
    const digits = this.#while(IS_DIGIT);
    return Number.isSafeInteger(Number(digits)) && String(Number(digits)) === digits;
  }

  #while(isPart) {
    const start = this.#at;
    while (isPart[this.#text.charCodeAt(this.#at)] === 1) this.#at += 1;
    return this.#text.slice(start, this.#at);
  }

  #sees(text) {
    return this.#text.startsWith(text, this.#at);
  }

  #take(text) {
    const isThere = this.#sees(text);
    if (isThere) this.#at += text.length;
    return isThere;
  }
}

/** A time in which one more key signed besides the log's. */

/** Reads the event that begins an epoch: the log's key must have signed it. */
function readEpoch(event, index, log, directory) {
  const [number, size] = [countOf(event, 'epoch', index), countOf(event, 'size', index)];
  const [key, root, certificate] = ['key', 'root', 'certificate'].map((name) =>
    Buffer.from(String(event[name]), 'hex'),
  );
  if (key === undefined || root === undefined || certificate === undefined) refuse(`event ${index} lacks a member`);
  const parts = [prefixed(Buffer.from(log.name)), long(number), prefixed(key), long(size), prefixed(root)];
  const statement = Buffer.concat([Buffer.from('cloister/audit-epoch/v1'), ...parts]);
  if (key.length !== 32 || !isSigned(log, statement, certificate)) refuse(`event ${index}: the key is not certified`);
  const hasEvidence = event['evidence'] !== undefined;
  const file = join(directory, 'evidence', String(number).padStart(6, '0'));
  const digest = hasEvidence && existsSync(file) ? sha256(readFileSync(file)).toString('hex') : undefined;
  if (digest !== event['evidence']) refuse(`event ${index}: its evidence is missing or another`);
  return { number, index, key: nameKey(log.name, key), hasEvidence };
}

/** The epoch that a checkpoint's last leaf lies in must have signed it. */
function verifySigner(checkpoint, epochs) {
  const epoch = epochs.findLast(({ index }) => index < checkpoint.size);
  if (epoch === undefined) refuse('the epoch of the checkpoint is not in the log');
  verifyCheckpoint(checkpoint.note, epoch.key);
}

/** Four bytes of length, then the bytes. */
function prefixed(bytes) {
  return Buffer.concat([long(bytes.length).subarray(4), bytes]);
}

function long(value) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

const WIDTH = 256;

/** The hashes of removed leaves `[0, size)`, from the tiles of level 0 (C2SP tlog-tiles): 32 bytes each. */
function* readLeafHashes(directory, size) {
  for (let start = 0; start < size; start += WIDTH) {
    const width = Math.min(WIDTH, size - start);
    const bytes = readTile(join(directory, 'tile/0', tileName(start / WIDTH)), width);
    for (let place = 0; place < width; place++) yield bytes.subarray(32 * place, 32 * place + 32);
  }
}

/** The full tile, or the widest partial one. */
function readTile(path, width) {
  const widths = existsSync(`${path}.p`) ? readdirSync(`${path}.p`).map(Number) : [];
  const partial = Math.max(...widths);
  const file = existsSync(path) ? path : `${path}.p/${partial}`;
  if (file !== path && !(partial >= width)) refuse(`${path} is missing`);
  const bytes = readFileSync(file);
  if (bytes.length < 32 * width) refuse(`${path} is too short`);
  return bytes;
}

/** 1234067 becomes `x001/x234/067`. */
function tileName(index) {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, '0');
  return digits.replaceAll(/[0-9]{3}(?=[0-9])/g, 'x$&/');
}

/** What an accepted log holds. */

/**
 * Verifies a log: the signature, every entry, the tree against the signed root, what the log says about itself, and
 * checkpoints that were kept elsewhere.
 */
function verifyDirectory(directory, line, pinned) {
  const key = parseKey(line);
  const signed = verifyCheckpoint(readFileSync(join(directory, 'checkpoint'), 'utf8'), key);
  const expected = [signed, ...pinned.map((note) => verifyCheckpoint(note, key))];
  const tree = new GrowingTree();
  // Without a prototype: no type of an event means anything of its own.
  const events = Object.create(null);
  const state = { directory, key, first: 0, tail: 0, refused: 0, removed: 0, epochs: [], events };
  compareRoots(tree, expected);
  for (const segment of readSegments(directory)) {
    if (tree.size === 0) {
      for (const hash of readLeafHashes(directory, segment.first)) grow(tree, hash, expected);
      state.first = tree.size;
    }
    if (state.tail > 0) refuse(`${segment.name}: the one before ends within a write`);
    takeSegment(segment, tree, expected, state);
  }
  for (const { size } of expected) if (size > tree.size) refuse(`a checkpoint covers ${size} events of ${tree.size}`);
  if (state.first > Math.min(state.removed, signed.size)) refuse('entries were removed and the log does not say so');
  verifySigner(signed, state.epochs);
  const { first, tail, refused, epochs } = state;
  const { origin, size, root } = signed;
  const evidence = epochs.filter(({ hasEvidence }) => hasEvidence).length;
  const counts = { unsigned: tree.size - size, tail, refused, epochs: epochs.length, evidence, events };
  return { origin, size, root: root.toString('hex'), first, ...counts };
}

function takeSegment(segment, tree, expected, state) {
  if (segment.first !== tree.size || !segment.root.equals(tree.root())) refuse(`${segment.name} does not follow`);
  state.tail = segment.each((entry) => {
    takeEvent(readEvent(entry, tree.size), tree, state);
    grow(tree, leafHash(entry), expected);
  });
}

function takeEvent(event, tree, state) {
  const { type, size, root } = event;
  if (type === 'audit.open' || type === 'audit.rotate' || type === 'audit.epoch') {
    if (size !== tree.size || root !== tree.root().toString('hex')) refuse(`event ${tree.size} names another tree`);
  }
  if (type === 'audit.epoch') takeEpoch(event, tree.size, state);
  if (type === 'audit.gap') state.refused += countOf(event, 'events', tree.size);
  if (type === 'audit.retain') state.removed = Math.max(state.removed, countOf(event, 'first', tree.size));
  state.events[type] = (state.events[type] ?? 0) + 1;
}

function takeEpoch(event, index, { directory, key, epochs, first }) {
  const epoch = readEpoch(event, index, key, directory);
  const before = epochs.at(-1)?.number ?? (first === 0 ? 0 : epoch.number - 1);
  if (epoch.number !== before + 1) refuse(`event ${index}: an epoch is missing`);
  epochs.push(epoch);
}

function grow(tree, hash, expected) {
  tree.append(hash);
  compareRoots(tree, expected);
}

function compareRoots(tree, expected) {
  for (const { size, root } of expected) {
    if (size === tree.size && !tree.root().equals(root)) refuse(`the tree of ${size} events has another root`);
  }
}

// A verifier of audit logs that depends on nothing but Node: node verify-log.mjs DIRECTORY KEY [CHECKPOINT ...]
const [directory, key, ...pinned] = process.argv.slice(2);
try {
  if (directory === undefined || key === undefined) throw new Refusal('usage: DIRECTORY KEY [CHECKPOINT ...]');
  const notes = pinned.map((file) => readFileSync(file, 'utf8'));
  process.stdout.write(`${JSON.stringify({ verdict: 'accept', ...verifyDirectory(directory, key, notes) })}\n`);
} catch (error) {
  const reason = error instanceof Refusal ? error.message : `cannot be read (${error.name})`;
  process.stdout.write(`${JSON.stringify({ verdict: 'reject', reason })}\n`);
  process.exitCode = 10;
}
