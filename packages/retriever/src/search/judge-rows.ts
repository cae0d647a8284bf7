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
  /** Whether a row is looked at for this question at all. */
  readonly counts: (row: ArenaRow) => boolean;
  /** What the caller narrowed the search to; never widens. */
  readonly within: ReturnType<typeof narrow>;
}

/** The rows of an arena, judged. */
export interface JudgedRows {
  /** 1 at the place of every row that may be ranked, else 0. */
  readonly visible: Uint8Array;
  /** Rows that were looked at. */
  readonly scanned: number;
  /** Those of them that the caller may not see. */
  readonly refused: number;
}

/** Judges every row by the sealed label and groups: the second wall, whatever the store's filter let through. */
export function judgeRows(arena: Arena, { claims, now, counts, within }: Judgement): JudgedRows {
  // Label and groups are judged once per distinct set, not per row.
  const allowed = arena.audiences.all.map((access) => (maySee(claims, access, now) ? access : undefined));
  const { rows } = arena;
  const visible = new Uint8Array(rows.length);
  let [scanned, refused] = [0, 0];
  for (let place = 0; place < rows.length; place++) {
    const row = rows[place] as ArenaRow;
    if (!counts(row)) continue;
    scanned++;
    const access = allowed[row.audience];
    if (access === undefined) refused++;
    else if (within(row, access)) visible[place] = 1;
  }
  return { visible, scanned, refused };
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
