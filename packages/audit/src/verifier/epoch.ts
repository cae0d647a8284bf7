import { Buffer } from 'node:buffer';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSigned, nameKey, verifyCheckpoint } from './checkpoint.ts';
import type { Checkpoint, Key } from './checkpoint.ts';
import { countOf } from './event.ts';
import type { Event } from './event.ts';
import { refuse } from './fail.ts';
import { sha256 } from './hash.ts';

/** A time in which one more key signed besides the log's. */
export interface Epoch {
  readonly number: number;
  /** Index of the event that began it. */
  readonly index: number;
  readonly key: Key;
  /** Whether there is evidence of an enclave for the key; it is not judged here. */
  readonly hasEvidence: boolean;
}

/** Reads the event that begins an epoch: the log's key must have signed it. */
export function readEpoch(event: Event, index: number, log: Key, directory: string): Epoch {
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
export function verifySigner(checkpoint: Checkpoint, epochs: readonly Epoch[]): void {
  const epoch = epochs.findLast(({ index }) => index < checkpoint.size);
  if (epoch === undefined) refuse('the epoch of the checkpoint is not in the log');
  verifyCheckpoint(checkpoint.note, epoch.key);
}

/** Four bytes of length, then the bytes. */
function prefixed(bytes: Buffer): Buffer {
  return Buffer.concat([long(bytes.length).subarray(4), bytes]);
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
