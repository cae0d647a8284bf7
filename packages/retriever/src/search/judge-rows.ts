import { covers } from '@cloister/core';
import type { PrincipalClaims } from '@cloister/core';
import type { Arena, ArenaRow } from '../arena/arena.ts';
import type { RecordAccess } from '../record/record-head.ts';
import type { narrow } from './narrowing.ts';

/** What decides which rows a search may rank. */
export interface Judgement {
  readonly claims: PrincipalClaims;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Places of the rows that are looked at for this question, rising; all unless given. */
  readonly among: readonly number[] | undefined;
  /** What the caller narrowed the search to, if anything; never widens. */
  readonly within: ReturnType<typeof narrow>;
}

/** The rows of an arena, judged. */
export interface JudgedRows {
  /** Places of the rows that may be ranked, rising. */
  readonly visible: Uint32Array;
  /** Rows that were looked at. */
  readonly scanned: number;
  /** Those of them that the caller may not see. */
  readonly refused: number;
}

/** Judges rows by the sealed label and groups: the second wall, whatever the store's filter let through. */
export function judgeRows(arena: Arena, { claims, now, among, within }: Judgement): JudgedRows {
  const { rows, audiences, audienceOf } = arena;
  // Label and groups are judged once per distinct set, not per row.
  const allowed = audiences.all.map((access) => (maySee(claims, access, now) ? access : undefined));
  const scanned = among?.length ?? rows.length;
  const visible = new Uint32Array(scanned);
  let [found, refused] = [0, 0];
  for (let index = 0; index < scanned; index++) {
    const place = among === undefined ? index : (among[index] as number);
    const access = allowed[audienceOf[place] as number];
    if (access === undefined) refused++;
    else if (within?.(rows[place] as ArenaRow, access) !== false) visible[found++] = place;
  }
  return { visible: visible.subarray(0, found), scanned, refused };
}

/**
 * Deny by default: the clearance covers the label, the caller holds one of the groups and every compartment, and the
 * record is not past its retention.
 */
function maySee(claims: PrincipalClaims, access: RecordAccess, now: number): boolean {
  return (
    covers(claims.clearance, access.label) &&
    access.acl.some((group) => claims.groups.includes(group)) &&
    access.compartments.every((compartment) => claims.compartments.includes(compartment)) &&
    (access.retention === null || now < access.retention)
  );
}
