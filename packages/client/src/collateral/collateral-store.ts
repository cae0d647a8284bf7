import { sha256, toHex, utf8 } from '@cloister/core';
import type { Clock } from '@cloister/core';
import { clientError } from '../errors.ts';
import { type CollateralEntry, encodeEntry, parseEntry } from './collateral-entry.ts';
import type { CollateralKind, OpenedCollateral } from './collateral-kind.ts';
import type { ServiceClient } from './service-client.ts';

/** Keeps entries beyond the process. It is trusted with nothing: what it returns is checked like an answer. */
export interface CollateralCache {
  /** @param name 64 hex digits; @returns `undefined` when there is none */
  get(name: string): Promise<Uint8Array | undefined>;
  /** Replaces what was there, as one step. */
  put(name: string, entry: Uint8Array): Promise<void>;
}

/** What the store runs on. */
export interface CollateralStoreOptions {
  readonly ask: ServiceClient;
  readonly clock: Clock;
  readonly cache: CollateralCache | undefined;
  /** When a service has to answer: see `CollateralOptions`. */
  readonly whenDown: 'require' | 'cached';
  /** Never ask. */
  readonly offline: boolean;
  /** Age from which an answer is fetched again, ms. */
  readonly refreshAfter: number;
}

/** Obtains collateral: from memory, from the cache, from the service. */
export interface CollateralStore {
  /** @throws ERR_CLIENT_COLLATERAL_* */
  obtain<Value>(kind: CollateralKind<Value>): Promise<Value>;
  /** Takes over an entry, unchecked until it is used. */
  add(entry: CollateralEntry): void;
  /** What has been obtained and may still be used. */
  entries(): readonly CollateralEntry[];
}

interface Kept extends CollateralEntry {
  /** Absent until it was checked. */
  readonly opened?: OpenedCollateral<unknown>;
}

/** Entries in memory; the one used longest ago goes first. */
const MAX_KEPT = 256;

/** Creates an empty store. */
export function createCollateralStore(options: CollateralStoreOptions): CollateralStore {
  const kept = new Map<string, Kept>();
  const pending = new Map<string, Promise<unknown>>();
  const keep = (entry: Kept): void => {
    kept.delete(entry.key);
    kept.set(entry.key, entry);
    const [oldest] = kept.keys();
    if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
  };
  /** One request at a time for a key, whoever asks. */
  const shared = <Value>(key: string, work: () => Promise<Value>): Promise<Value> => {
    const running = pending.get(key) ?? work().finally(() => pending.delete(key));
    pending.set(key, running);
    return running as Promise<Value>;
  };
  const refresh = <Value>(kind: CollateralKind<Value>, old: Usable<Value> | undefined): Promise<Value> =>
    shared(kind.key, async () => {
      const fresh = await fetchChecked(options, kind);
      // A service, or somebody in its place, may answer with what was true some time ago.
      if (old !== undefined && fresh.opened.issuedAt < old.opened.issuedAt) return old.opened.value;
      keep(fresh);
      await options.cache?.put(nameOf(kind.key), encodeEntry(fresh)).catch(() => undefined);
      return fresh.opened.value;
    });
  return {
    add: keep,
    entries: () => [...kept.values()].filter(({ opened }) => (opened?.validUntil ?? 0) >= options.clock.now()),
    async obtain<Value>(kind: CollateralKind<Value>): Promise<Value> {
      const usable = await findUsable(options, kind, kept.get(kind.key));
      if (usable !== undefined) keep(usable);
      const age = usable === undefined ? Infinity : options.clock.now() - usable.fetchedAt;
      if (usable !== undefined && (options.offline || age < options.refreshAfter)) return usable.opened.value;
      if (usable === undefined || options.whenDown === 'require') return refresh(kind, usable);
      refresh(kind, usable).catch(() => undefined);
      return usable.opened.value;
    },
  };
}

interface Usable<Value> extends CollateralEntry {
  readonly opened: OpenedCollateral<Value>;
}

function nameOf(key: string): string {
  return toHex(sha256(utf8(key)));
}

async function fetchChecked<Value>(
  options: CollateralStoreOptions,
  kind: CollateralKind<Value>,
): Promise<Usable<Value>> {
  if (options.offline) throw clientError('ERR_CLIENT_COLLATERAL_UNAVAILABLE', { subject: 'offline' });
  const fetchedAt = options.clock.now();
  const body = await kind.fetch(options.ask);
  const opened = await kind.open(body, { now: options.clock.now(), fetchedAt });
  return { key: kind.key, fetchedAt, body, opened };
}

/** The entry in memory, else in the cache, if it is for this key, checks, and its time has come and not passed. */
async function findUsable<Value>(
  options: CollateralStoreOptions,
  kind: CollateralKind<Value>,
  inMemory: Kept | undefined,
): Promise<Usable<Value> | undefined> {
  const isTimely = ({ fetchedAt, opened }: Kept): boolean => {
    const now = options.clock.now();
    return fetchedAt <= now && (opened === undefined || (opened.issuedAt <= now && now <= opened.validUntil));
  };
  if (inMemory !== undefined && isTimely(inMemory)) {
    if (inMemory.opened !== undefined) return inMemory as Usable<Value>;
    const usable = await tryOpen(options, kind, inMemory);
    if (usable !== undefined) return usable;
  }
  const stored = await options.cache?.get(nameOf(kind.key)).catch(() => undefined);
  const entry = stored && parseEntry(stored);
  return entry?.key === kind.key && isTimely(entry) ? tryOpen(options, kind, entry) : undefined;
}

async function tryOpen<Value>(
  { clock }: CollateralStoreOptions,
  kind: CollateralKind<Value>,
  entry: CollateralEntry,
): Promise<Usable<Value> | undefined> {
  try {
    const now = clock.now();
    const opened = await kind.open(entry.body, { now, fetchedAt: entry.fetchedAt });
    return opened.issuedAt <= now && now <= opened.validUntil ? { ...entry, opened } : undefined;
  } catch {
    return undefined;
  }
}
