import type { Clock } from '@cloister/core';

/**
 * A clock that never goes back. The host of a guest can move the wall clock; without this a step back would reopen the
 * time in which a remembered request is accepted again.
 */
export function createSteadyClock(clock: Clock): Clock {
  let latest = 0;
  return {
    now() {
      latest = Math.max(latest, clock.now());
      return latest;
    },
  };
}
