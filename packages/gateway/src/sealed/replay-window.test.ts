import { systemRandom } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { createReplayWindow } from './replay-window.ts';
import { createSteadyClock } from '../steady-clock.ts';

const digests = Array.from({ length: 5 }, () => systemRandom(32));
const [a, b, c, d, e] = digests as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];

describe('the replay window', () => {
  it('admits a digest once', () => {
    const window = createReplayWindow({ capacity: 10, retention: 100 });
    expect(window.admit([a], 1)).toBe('fresh');
    expect(window.admit([Uint8Array.from(a)], 2)).toBe('replayed');
    expect(window.admit([b], 2)).toBe('fresh');
  });

  it('enters all or nothing', () => {
    const window = createReplayWindow({ capacity: 10, retention: 100 });
    window.admit([a], 1);
    expect(window.admit([b, a], 1)).toBe('replayed');
    expect(window.admit([b], 1)).toBe('fresh');
  });

  it('refuses when full, and evicts nothing', () => {
    const window = createReplayWindow({ capacity: 3, retention: 100 });
    expect(window.admit([a, b], 1)).toBe('fresh');
    expect(window.admit([c, d], 2)).toBe('full');
    expect(window.admit([c], 2)).toBe('fresh');
    expect(window.admit([e], 3)).toBe('full');
    expect(window.admit([a], 3)).toBe('replayed');
    expect(window.size).toBe(3);
  });

  it('forgets after the retention, not before', () => {
    const window = createReplayWindow({ capacity: 2, retention: 100 });
    window.admit([a], 1000);
    expect(window.admit([a], 1099)).toBe('replayed');
    expect(window.admit([a], 1100)).toBe('fresh');
  });

  it('is not reopened by a clock that is set forward and back', () => {
    const clock = { time: 1000, now: (): number => clock.time };
    const steady = createSteadyClock(clock);
    const window = createReplayWindow({ capacity: 9, retention: 100 });
    window.admit([a], steady.now());
    clock.time = 500;
    expect(steady.now()).toBe(1000);
    expect(window.admit([a], steady.now())).toBe('replayed');
    window.admit([b], 10);
    expect(window.admit([b], 1050)).toBe('replayed');
  });
});
