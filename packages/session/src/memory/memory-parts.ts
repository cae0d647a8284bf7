import type { Clock, Ledger, RandomSource, Signer, Tenant } from '@cloister/core';
import type { MemoryStore } from './memory-store.ts';
import type { SessionHeads } from './session-heads.ts';
import type { TurnChain } from './turn-chain.ts';
import type { Turn } from './turn.ts';

/** How a conversation is remembered. */
export interface MemoryOptions {
  /** Untrusted: sees sealed turns. */
  readonly store: MemoryStore;
  /** Signs the receipt of the end: the audit log's key. */
  readonly signer: Signer;
  /** Where the heads of sessions are kept on the trusted side; without one `rollback` says `not-detected`. */
  readonly ledger?: Ledger;
  /** Names the policy in force; turns of another one do not open. */
  readonly policy: string;
  /** Without a turn for so long, a session is over; one day unless given. */
  readonly idleMilliseconds?: number;
  /** So long after its beginning it is over in any case; 30 days unless given. */
  readonly absoluteMilliseconds?: number;
  /** A session that was begun before; a new one begins without it. */
  readonly session?: string;
  /** The place in the prefix cache that ends together with the memory. */
  readonly cache?: { end(): void };
  readonly clock?: Clock;
  readonly random?: RandomSource;
}

/** Everything about one session but its turns. */
export interface MemoryParts {
  readonly tenant: Tenant;
  readonly options: Required<Omit<MemoryOptions, 'ledger' | 'cache' | 'session'>> & Pick<MemoryOptions, 'cache'>;
  /** 22 characters, random. */
  readonly session: string;
  /** The store's and the ledger's name of it: 32 hex digits. */
  readonly name: string;
  readonly chain: TurnChain;
  readonly heads: SessionHeads | undefined;
  readonly startedAt: number;
  readonly turns: Turn[];
}

/** When a session is over: so long after its last turn, and so long after its beginning in any case; ms since the epoch. */
export function expiryOf({ options, startedAt, turns }: Pick<MemoryParts, 'options' | 'startedAt' | 'turns'>): number {
  const lastAt = turns.at(-1)?.at ?? startedAt;
  return Math.min(lastAt + options.idleMilliseconds, startedAt + options.absoluteMilliseconds);
}
