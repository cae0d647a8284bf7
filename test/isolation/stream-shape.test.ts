import { expect, it } from 'vitest';
import { attackStreams } from '../evaluate/stream-shape/attack-streams.ts';

// The control comes first: the same observer tells the topics of unshaped streams apart.
it(
  'an observer of sizes and gaps tells topics apart, and no longer once streams are framed',
  { timeout: 120_000 },
  async () => {
    const plain = await attackStreams('off', 12);
    expect(plain.auc).toBeGreaterThan(0.9);
    const framed = await attackStreams('frames', 12);
    expect(framed.auc).toBeLessThan(0.6);
    expect(framed.bytesPerSecond).toBeLessThan(11 * 1024);
  },
);
