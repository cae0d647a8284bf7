/** Somebody who waits. */
export interface Waiter {
  readonly tenant: string;
  /** It is this one's turn. */
  readonly go: () => void;
  /** It will never be: others wait for less. */
  readonly refuse: () => void;
}

/** Those who wait, in an order that no tenant can make worse for others by asking more. */
export interface FairQueue {
  readonly length: number;
  /** @returns false when there is no room for this one */
  push(waiter: Waiter): boolean;
  /** The next one: of the tenant that has the least running; among equals the one that waited longest for a turn. */
  shift(running: (tenant: string) => number): Waiter | undefined;
  /** Takes one out who waits no more. */
  remove(waiter: Waiter): void;
}

/** @param most who may wait; when all places are taken, the newest of the longest line makes room for a shorter one */
export function createFairQueue(most: number): FairQueue {
  /** Insertion order is the order of turns: whoever had one goes to the end. */
  const lines = new Map<string, Waiter[]>();
  let length = 0;
  const longest = (): Waiter[] | undefined =>
    [...lines.values()].reduce((one, other) => (other.length > one.length ? other : one));
  const taken = (tenant: string): void => {
    length -= 1;
    const line = lines.get(tenant) ?? [];
    lines.delete(tenant);
    if (line.length > 0) lines.set(tenant, line);
  };
  return {
    get length() {
      return length;
    },
    push(waiter) {
      const line = lines.get(waiter.tenant) ?? [];
      if (length >= most) {
        const full = lines.size === 0 ? undefined : longest();
        if (full === undefined || full.length <= line.length + 1) return false;
        const last = full.pop() as Waiter;
        length -= 1;
        last.refuse();
      }
      line.push(waiter);
      lines.set(waiter.tenant, line);
      length += 1;
      return true;
    },
    shift(running) {
      let best: string | undefined;
      for (const tenant of lines.keys()) if (best === undefined || running(tenant) < running(best)) best = tenant;
      if (best === undefined) return undefined;
      const waiter = lines.get(best)?.shift();
      taken(best);
      return waiter;
    },
    remove(waiter) {
      const line = lines.get(waiter.tenant) ?? [];
      const at = line.indexOf(waiter);
      if (at === -1) return;
      line.splice(at, 1);
      length -= 1;
      if (line.length === 0) lines.delete(waiter.tenant);
    },
  };
}
