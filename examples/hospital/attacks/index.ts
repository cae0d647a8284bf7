import type { Attack } from './attack.ts';
import { changedQuote } from './changed-quote.ts';
import { cutAnswer } from './cut-answer.ts';
import { otherTenant } from './other-tenant.ts';
import { swappedRow } from './swapped-row.ts';

export type { AttackOutcome } from './attack.ts';

/** The four attacks of the demo, in the order in which they are shown. */
export const ATTACKS: readonly Attack[] = [otherTenant, changedQuote, swappedRow, cutAnswer];
