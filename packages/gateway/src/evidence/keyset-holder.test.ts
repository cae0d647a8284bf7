import { KEM, parseKeyConfig } from '@cloister/channel';
import { toHex } from '@cloister/core';
import { verifyEd25519 } from '@cloister/audit';
import { parseKeyset } from '@cloister/evidence';
import { describe, expect, it } from 'vitest';
import { createKeysetHolder, KEYSET_OVERLAP } from './keyset-holder.ts';

const deployment = new Uint8Array(32).fill(7);
const lifetime = 3_600_000;

function holderAt(start: number): {
  readonly clock: { time: number; now(): number };
  readonly holder: ReturnType<typeof createKeysetHolder>;
} {
  const clock = { time: start, now: (): number => clock.time };
  return { clock, holder: createKeysetHolder({ deployment, lifetime, clock }) };
}

describe('the keyset holder', () => {
  it('makes one keyset for all who ask at once', async () => {
    const { holder } = holderAt(1_700_000_000_000);
    const all = await Promise.all([holder.current(), holder.current(), holder.current()]);
    expect(new Set(all).size).toBe(1);
    const keyset = parseKeyset(all[0].bytes);
    expect(keyset.configs.map((config) => parseKeyConfig(config).kem)).toEqual([KEM.xwing, KEM.x25519]);
    expect(keyset).toMatchObject({ deployment, notBefore: 1_700_000_000_000, notAfter: 1_700_000_000_000 + lifetime });
    const message = new Uint8Array(9);
    expect(await verifyEd25519(keyset.receiptKey, message, all[0].sign(message))).toBe(true);
  });

  it('never lives longer than an hour, overlaps for five minutes and repeats no key', async () => {
    const { clock, holder } = holderAt(1_700_000_000_000);
    const first = await holder.current();
    clock.time += lifetime - KEYSET_OVERLAP - 1;
    expect(await holder.current()).toBe(first);
    clock.time += 1;
    const second = await holder.current();
    expect(second).not.toBe(first);
    expect(parseKeyset(second.bytes).configs).not.toEqual(parseKeyset(first.bytes).configs);
    expect(parseKeyset(second.bytes).receiptKey).not.toEqual(parseKeyset(first.bytes).receiptKey);
    expect(holder.find(toHex(first.digest))).toBe(first);
    clock.time += KEYSET_OVERLAP;
    expect(holder.find(toHex(first.digest))).toBeUndefined();
    expect(holder.find(toHex(second.digest))).toBe(second);
  });

  it('knows no other digest, and none once it is closed', async () => {
    const { holder } = holderAt(1_700_000_000_000);
    const keyset = await holder.current();
    expect(holder.find('0'.repeat(64))).toBeUndefined();
    holder.close();
    expect(holder.find(toHex(keyset.digest))).toBeUndefined();
  });
});
