import { toHex } from '@cloister/core';
import { destroySessionKey, tenantClaims } from '@cloister/tenancy';
import { sessionError } from '../errors.ts';
import { expiryOf, type MemoryParts } from './memory-parts.ts';
import { MOST_TURNS } from './memory-store.ts';
import { signSessionEnd, type SessionEndReceipt, type SessionEndStatement } from './session-end.ts';
import { encodeTurn, type Turn } from './turn.ts';

/** The memory of one conversation, open in this process. */
export interface Memory {
  /** 22 random characters, by which `openMemory` finds it again. */
  readonly session: string;
  /** Whether an older state of the store would be noticed when the session is opened again. */
  readonly rollback: 'checked' | 'not-detected';
  /** All turns, oldest first. @throws CloisterError `ERR_SESSION_ENDED`, `ERR_SESSION_EXPIRED` */
  turns(): readonly Turn[];
  /**
   * Seals a turn and stores it; one after another, in the order of the calls. A turn that was not stored is not remembered.
   * @throws CloisterError `ERR_SESSION_ENDED`, `ERR_SESSION_EXPIRED`, `ERR_SESSION_MEMORY_TURN` when it is longer than 1 MiB or the
   *   10,001st, `ERR_SESSION_MEMORY_CONFLICT` when another process has written: open it again; what the store throws
   */
  append(turn: Omit<Turn, 'at'>): Promise<void>;
  /**
   * Destroys the session's keys and the cache's secret, then removes what the store holds.
   * @returns the signed receipt; the same one when called again
   * @throws what the broker throws: then the session is closed here, and `end()` may be called again
   */
  end(): Promise<SessionEndReceipt>;
  /** Ends a session whose time is over. @throws CloisterError `ERR_SESSION_ENDED`, `ERR_SESSION_EXPIRED` */
  requireAlive(): Promise<void>;
}

/** Wraps an opened chain. Stays within this package: `openMemory` makes them. */
export function createMemory(parts: MemoryParts): Memory {
  const { options, turns, name, session, heads, chain } = parts;
  const { clock, store, random } = options;
  let ended: Promise<SessionEndReceipt> | undefined;
  let isClosed = false;
  let last: Promise<void> = Promise.resolve();

  const isOver = (): boolean => clock.now() >= expiryOf(parts);
  // What is closed stays closed; a broker that failed may be asked again.
  const end = (reason: SessionEndStatement['reason']): Promise<SessionEndReceipt> => {
    isClosed = true;
    return (ended ??= endSession(parts, reason).catch((error: unknown) => {
      ended = undefined;
      throw error;
    }));
  };
  async function requireAlive(): Promise<void> {
    if (isClosed) throw sessionError('ERR_SESSION_ENDED');
    if (!isOver()) return;
    await end('expired');
    throw sessionError('ERR_SESSION_EXPIRED');
  }
  async function append(said: Omit<Turn, 'at'>): Promise<void> {
    await requireAlive();
    if (turns.length >= MOST_TURNS) throw sessionError('ERR_SESSION_MEMORY_TURN');
    const turn: Turn = { ...said, at: Math.floor(clock.now()) };
    const sealed = chain.seal(encodeTurn(turn), random);
    const expiresAt = expiryOf({ ...parts, turns: [turn] });
    if (!(await store.append(name, chain.length, sealed, expiresAt))) throw sessionError('ERR_SESSION_MEMORY_CONFLICT');
    chain.advance(sealed);
    turns.push(turn);
    await heads?.write(name, { length: chain.length, digest: toHex(chain.head), expiresAt });
  }
  return {
    session,
    rollback: heads === undefined ? 'not-detected' : 'checked',
    turns() {
      if (isClosed) throw sessionError('ERR_SESSION_ENDED');
      if (isOver()) throw sessionError('ERR_SESSION_EXPIRED');
      return [...turns];
    },
    append(turn) {
      const done = last.then(() => append(turn));
      last = done.catch(() => {});
      return done;
    },
    end: () => last.then(() => end('ended')),
    requireAlive,
  };
}

/**
 * The key first: whatever happens afterwards, nothing opens any more. Only its destruction waits for the disk. What is left in
 * ledger and store after a crash belongs to a session that nobody can open, and goes when its time is over.
 */
async function endSession(parts: MemoryParts, reason: SessionEndStatement['reason']): Promise<SessionEndReceipt> {
  const { options, tenant, session, chain, name, heads, turns } = parts;
  const { cache, signer, clock, store } = options;
  const { issuer, tenant: organisation } = tenantClaims(tenant);
  chain.clear();
  cache?.end();
  await destroySessionKey(tenant, name);
  heads?.forget(name);
  const removed = await store.delete(name).then(
    () => true,
    () => false,
  );
  const count = turns.length;
  turns.length = 0;
  const withCache = <Word>(word: Word): Word[] => (cache === undefined ? [] : [word]);
  const done = {
    at: Math.floor(clock.now()),
    turns: count,
    reason,
    erased: ['session-key' as const, ...withCache('cache-secret' as const)],
    removed,
    unreachable: ['turns' as const, ...withCache('cache-blocks' as const)],
  };
  return signSessionEnd({ issuer, tenant: organisation, session }, done, signer);
}
