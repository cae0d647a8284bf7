import type { Ledger, LedgerEntry, Tenant } from '@cloister/core';
import { openCollectionLedger } from '@cloister/tenancy';
import { sessionError } from '../errors.ts';
import { keyedName } from './keyed-name.ts';

/** The last record of a session, as the trusted side knows it. */
export interface SessionHead {
  /** Records, the header included. */
  readonly length: number;
  /** SHA-256 of the last one: 64 hex digits. */
  readonly digest: string;
  /** When the session is over, by the ledger's word: milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** The heads of one tenant's sessions in a ledger, by the keyed names of sessions (32 hex digits): without them an old copy of the store looks genuine. */
export interface SessionHeads {
  read(session: string): Promise<SessionHead | undefined>;
  write(session: string, head: SessionHead): Promise<void>;
  /**
   * Removes the head together with the next one that is written: a head without a session tells nobody anything, so its end
   * does not wait for the disk. One that is still there when this process ends is removed when its time is over.
   */
  forget(session: string): void;
  /** The sessions that are over at this time. */
  expired(now: number): Promise<readonly string[]>;
  /** Removes what was forgotten, now. */
  flush(): Promise<void>;
}

/** Others write to the same collection; who loses a race looks again. */
const ATTEMPTS = 64;

const views = new WeakMap<Ledger, Map<string, SessionHeads>>();

/** All memories of this process share one view of a tenant's heads: reading it anew for each would cost more with every session. */
export async function openSessionHeads(tenant: Tenant, ledger: Ledger): Promise<SessionHeads> {
  const collection = await keyedName(tenant, 'heads');
  const known = views.get(ledger) ?? new Map<string, SessionHeads>();
  views.set(ledger, known);
  const heads = known.get(collection) ?? createHeads(ledger, collection);
  known.set(collection, heads);
  return heads;
}

function createHeads(ledger: Ledger, collection: string): SessionHeads {
  const view = openCollectionLedger(ledger, collection);
  const forgotten = new Set<string>();
  let last: Promise<unknown> = Promise.resolve();
  /** One after another: a view cannot catch up twice at a time. */
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  }
  async function apply(put: readonly LedgerEntry[]): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      await view.refresh();
      const ended = [...forgotten];
      const remove = ended.filter((id) => view.entry(id) !== undefined && put.every((entry) => entry.id !== id));
      if (put.length + remove.length > 0 && !(await view.advance({ put, remove }))) continue;
      for (const id of ended) forgotten.delete(id);
      return;
    }
    throw sessionError('ERR_SESSION_MEMORY_CONFLICT');
  }
  return {
    read: (session) =>
      inTurn(async () => {
        await view.refresh();
        const entry = view.entry(session);
        return entry && { length: entry.version, digest: entry.digest, expiresAt: expiryOf(entry) };
      }),
    write: (id, { length, digest, expiresAt }) =>
      inTurn(() => apply([{ id, document: id, tags: [encodeExpiry(expiresAt)], version: length, digest }])),
    forget: (session) => forgotten.add(session),
    expired: (now) =>
      inTurn(async () => {
        await view.refresh();
        return [...view.entries()].filter((entry) => expiryOf(entry) <= now).map(({ id }) => id);
      }),
    flush: () => inTurn(() => apply([])),
  };
}

/** The ledger's tags are 32 hex digits each: the only one of a head is the time at which its session is over. */
function encodeExpiry(expiresAt: number): string {
  return Math.ceil(expiresAt).toString(16).padStart(32, '0');
}

function expiryOf({ tags: [tag] }: LedgerEntry): number {
  return tag === undefined ? Number.POSITIVE_INFINITY : Number.parseInt(tag, 16);
}
