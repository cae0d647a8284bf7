import { describe, expect, it } from 'vitest';
import { createMint } from './capability.ts';

interface Handle {
  readonly name: string;
}

describe('createMint', () => {
  it('resolves the very object it minted and freezes it', () => {
    const mint = createMint<Handle, number>();
    const handle = mint.mint({ name: 'a' }, 7);
    expect(mint.resolve(handle)).toBe(7);
    expect(Object.isFrozen(handle)).toBe(true);
  });

  it('resolves no copy, heir, proxy, foreign handle or primitive', () => {
    const mint = createMint<Handle, number>();
    const handle = mint.mint({ name: 'a' }, 7);
    const foreign = createMint<Handle, number>().mint({ name: 'a' }, 7);
    const others = [
      { ...handle },
      Object.create(handle),
      new Proxy(handle, {}),
      structuredClone(handle),
      foreign,
      null,
      undefined,
      'a',
      7,
    ];
    for (const other of others) expect(mint.resolve(other)).toBeUndefined();
  });
});
