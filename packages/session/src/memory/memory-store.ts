/**
 * Where sealed turns are kept: untrusted, sees keyed names, ciphertexts in padded sizes and times of expiry. Three kinds of
 * store come with this package: a file (`/sqlite`, also `:memory:`) and Redis or Valkey (`/redis`).
 */
export interface MemoryStore {
  /** The sealed header of a session; `undefined` when there is none. */
  get(session: string): Promise<Uint8Array | undefined>;
  /** Begins a session; false when it exists. @param expiresAt ms since the epoch: afterwards the store may forget it */
  put(session: string, header: Uint8Array, expiresAt: number): Promise<boolean>;
  /** Adds the turn with this number, from 1, if exactly those before it are there; else false. Durable when it resolves. */
  append(session: string, number: number, sealed: Uint8Array, expiresAt: number): Promise<boolean>;
  /** All sealed turns in order. */
  list(session: string): Promise<readonly Uint8Array[]>;
  /** Forgets header and turns; their room may be freed later. May be repeated. */
  delete(session: string): Promise<void>;
}

/** The longest sealed turn that a store is asked to keep or believed to hold, in bytes. */
export const MOST_SEALED_BYTES: number = 1024 * 1024 + 1024;
/** Turns of one session. */
export const MOST_TURNS = 10_000;
