import type { Signer } from '@cloister/core';
import type { Memory, MemoryStore } from '@cloister/session';

/** How conversations are remembered. */
export interface MemorySettings {
  /** Untrusted: sees sealed turns. */
  readonly store: MemoryStore;
  /** Signs the receipts of ended sessions: the audit log's key. */
  readonly signer: Signer;
  /** Without a turn for so long, a session is over; one day unless given. */
  readonly idleMilliseconds?: number;
}

/** The memory of a session and where prompts begin in it. */
export interface History {
  readonly memory: Memory;
  /** Index of the first turn that prompts still hold. */
  start: number;
}
