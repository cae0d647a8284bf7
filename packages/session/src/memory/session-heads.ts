import { toHex, type Ledger, type LedgerChanges } from '@cloister/core';
import { openCollectionLedger } from '@cloister/tenancy';
import { sessionError } from '../errors.ts';

/** The last record of a session, as the trusted side knows it. */
export interface SessionHead {
  /** Records, the header included. */
  readonly length: number;
  /** SHA-256 of the last one: 64 hex digits. */
  readonly digest: string;
}

/** The heads of one tenant's sessions in a ledger: without them an old copy of the store looks genuine. */
export interface SessionHeads {
  read(session: string): Promise<SessionHead | undefined>;
  write(session: string, length: number, head: Uint8Array): Promise<void>;
  remove(session: string): Promise<void>;
}

/** Others write to the same collection; who loses a race looks again. */
const ATTEMPTS = 64;

const views = new WeakMap<Ledger, Map<string, SessionHeads>>();

/**
 * All memories of this process share one view of a collection: reading it anew for each would cost more with every session.
 * @param collection a keyed name; session names are keyed as well, 32 hex digits
 */
export function openSessionHeads(ledger: Ledger, collection: string): SessionHeads {
  const known = views.get(ledger) ?? new Map<string, SessionHeads>();
  views.set(ledger, known);
  const heads = known.get(collection) ?? createHeads(ledger, collection);
  known.set(collection, heads);
  return heads;
}

function createHeads(ledger: Ledger, collection: string): SessionHeads {
  const view = openCollectionLedger(ledger, collection);
  let last: Promise<unknown> = Promise.resolve();
  /** One after another: a view cannot catch up twice at a time. */
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  }
  async function apply(changes: LedgerChanges): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      await view.refresh();
      if (await view.advance(changes)) return;
    }
    throw sessionError('ERR_SESSION_MEMORY_CONFLICT');
  }
  return {
    read: (session) =>
      inTurn(async () => {
        await view.refresh();
        const entry = view.entry(session);
        return entry && { length: entry.version, digest: entry.digest };
      }),
    write: (id, length, head) =>
      inTurn(() => apply({ put: [{ id, document: id, tags: [], version: length, digest: toHex(head) }], remove: [] })),
    remove: (session) =>
      inTurn(async () => {
        await view.refresh();
        if (view.entry(session) !== undefined) await apply({ put: [], remove: [session] });
      }),
  };
}
