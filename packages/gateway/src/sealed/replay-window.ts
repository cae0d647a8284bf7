import { toHex } from '@cloister/core';

/** What the window says about a digest. Only `fresh` digests were entered. */
export type ReplayVerdict = 'fresh' | 'replayed' | 'full';

/** Remembers what was already served. Look-up and entry are one step, so that two racing copies cannot both pass. */
export interface ReplayWindow {
  /**
   * Enters `digests` together unless one of them is known or there is no room.
   * @param now ms since the epoch; a clock that runs backwards counts as one that stands still
   */
  admit(digests: readonly Uint8Array[], now: number): ReplayVerdict;
  /** How many digests are held. */
  readonly size: number;
}

/**
 * A bounded memory of digests (DESIGN 6.2): a full window refuses, it never evicts, because an evicted entry could be
 * replayed.
 * @param options.capacity most digests held at once
 * @param options.retention ms for which a digest is held; must cover the time in which the sealed date is accepted
 */
export function createReplayWindow(options: { readonly capacity: number; readonly retention: number }): ReplayWindow {
  const heldUntil = new Map<string, number>();
  let latest = 0;
  const purge = (): void => {
    for (const [digest, end] of heldUntil) {
      if (end > latest) return;
      heldUntil.delete(digest);
    }
  };
  return {
    admit(digests, now) {
      latest = Math.max(latest, now);
      purge();
      const names = digests.map(toHex);
      if (names.some((name) => heldUntil.has(name))) return 'replayed';
      if (heldUntil.size + names.length > options.capacity) return 'full';
      for (const name of names) heldUntil.set(name, latest + options.retention);
      return 'fresh';
    },
    get size() {
      return heldUntil.size;
    },
  };
}
