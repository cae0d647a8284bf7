import type { StoredPoint } from '@cloister/core';
import { retrieverError } from '../errors.ts';
import { openText, openVector } from '../record/open-record.ts';
import type { CollectionKeys } from '../record/record-keys.ts';
import { decodeVector } from '../record/seal-record.ts';
import type { SealedRecord } from '../record/seal-record.ts';
import type { WordKeyer } from './key-words.ts';
import type { PrefixCipher } from './prefix-cipher.ts';

/** The record's point with the prefix of its vector: the same one after every change of access and every rotation. */
export function attachPrefix(
  keys: CollectionKeys,
  cipher: PrefixCipher,
  { point, head }: SealedRecord,
  keyer: WordKeyer | undefined,
): StoredPoint {
  const vector = openVector(keys, point, head);
  if (typeof vector === 'string') throw retrieverError(vector);
  const opened = keyer && openText(keys, point, head);
  if (typeof opened === 'string') throw retrieverError(opened);
  const words = opened && keyer?.ofText(opened.text);
  return { ...point, ...(words && { words }), prefix: cipher.ofRecord(decodeVector(vector), point.id, head.sealed) };
}
