import type { Signer } from '@cloister/core';
import type { Memory, MemoryStore } from '@cloister/session';

/** How conversations are remembered. */
export interface MemorySettings {
  /** Untrusted: sees sealed turns. */
  readonly store: MemoryStore;
  /** Signs the receipts of ended sessions: the audit log's key. */
  readonly signer: Signer;
  /**
   * Turns that no longer fit into a prompt are put into words by the model in the enclave, on the way of every question: masked,
   * sealed, in the same place of the cache, recorded. Default: they are left out.
   */
  readonly summarize?: boolean;
  /** Without a turn for so long, a session is over; one day unless given. */
  readonly idleMilliseconds?: number;
}

/** The memory of a session and where prompts begin in it. */
export interface History {
  readonly memory: Memory;
  readonly summarize: boolean;
  /** Index of the first turn that prompts still hold. */
  start: number;
}
