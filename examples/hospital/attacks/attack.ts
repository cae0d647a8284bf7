import { findCloisterError } from '@cloister/core';
import type { World } from '../world.ts';

/** How an attack ended. */
export interface AttackOutcome {
  readonly name: string;
  /** Whether everything that must not happen did not happen. */
  readonly refused: boolean;
  /** The code with which the chain refused. */
  readonly code: string;
  /** What the attack tried and what came of it, in one line. */
  readonly detail: string;
}

/** One attack, carried out for real. */
export type Attack = (world: World, question: string) => Promise<AttackOutcome>;

/** Runs what must be refused; gives the code, or `NOT_REFUSED`. */
export async function codeOfRefusal(attempt: () => Promise<unknown>): Promise<string> {
  try {
    await attempt();
    return 'NOT_REFUSED';
  } catch (error) {
    return findCloisterError(error)?.code ?? `UNEXPECTED_${error instanceof Error ? error.name : typeof error}`;
  }
}
