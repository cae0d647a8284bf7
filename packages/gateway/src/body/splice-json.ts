import { concat, utf8 } from '@cloister/core';
import type { ScannedObject } from './scan-json-object.ts';

/** Values by member name, each already JSON text. */
export type MemberEdits = ReadonlyMap<string, string>;

/** A byte range of a text, and what stands there afterwards. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: Uint8Array;
}

/**
 * Sets members of the outermost object in the text itself: existing values are replaced where they stand, new members
 * go in front. Every other byte stays as the caller wrote it.
 * @param scanned the outline of exactly this `text`
 * @param inner further changes, none of them within a member that `edits` names
 */
export function spliceJson(
  text: Uint8Array,
  scanned: ScannedObject,
  edits: MemberEdits,
  inner: readonly Splice[] = [],
): Uint8Array {
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (const splice of [...splicesOf(scanned, edits), ...inner].sort((left, right) => left.start - right.start)) {
    pieces.push(text.subarray(from, splice.start), splice.text);
    from = splice.end;
  }
  return concat(...pieces, text.subarray(from));
}

function splicesOf(scanned: ScannedObject, edits: MemberEdits): readonly Splice[] {
  const splices: Splice[] = [];
  const added: string[] = [];
  for (const [name, value] of edits) {
    const member = scanned.members.get(name);
    if (member === undefined) added.push(`${JSON.stringify(name)}:${value}`);
    else splices.push({ start: member.start, end: member.end, text: utf8(value) });
  }
  if (added.length > 0) {
    const comma = scanned.members.size > 0 ? ',' : '';
    splices.push({ start: scanned.inside, end: scanned.inside, text: utf8(added.join(',') + comma) });
  }
  return splices;
}
