import { createHmac, hkdfSync } from 'node:crypto';
import { isCloisterError } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { deriveCacheSalt, type CacheSaltInput } from './derive-cache-salt.ts';
import { deriveEngineSalt, type EngineSaltInput } from './derive-engine-salt.ts';

const filled = (value: number): Uint8Array => new Uint8Array(32).fill(value);
const base: CacheSaltInput = {
  key: filled(1),
  identity: filled(2),
  model: 'm',
  scope: 'tenant',
  scopeId: 'a',
  epoch: 0,
};
const engine: EngineSaltInput = {
  key: filled(3),
  scope: 'user',
  owner: ['issuer', 'tenant', 'subject'],
  salt: 'cs1.x',
};

/** LP on Node's buffers, written apart from the code under test. */
function lp(...parts: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const length = Buffer.alloc(4);
      const bytes = Buffer.from(part as string);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}

function independentCacheSalt({ key, identity, model, scope, scopeId, epoch }: CacheSaltInput): string {
  const counter = Buffer.alloc(4);
  counter.writeUInt32BE(epoch);
  const info = Buffer.concat([lp('cache/v1', model, scope, scopeId), counter]);
  return `cs1.${Buffer.from(hkdfSync('sha256', key, identity, info, 32)).toString('base64url')}`;
}

const codeOf = (run: () => unknown): string | undefined => {
  try {
    run();
  } catch (error) {
    return isCloisterError(error) ? `${error.code} ${error.subject}` : 'not ours';
  }
  return undefined;
};

describe('deriveCacheSalt', () => {
  it('agrees with a derivation by node:crypto alone', () => {
    const inputs: CacheSaltInput[] = [
      base,
      { ...base, scope: 'request', scopeId: '', epoch: 2 ** 32 - 1 },
      { ...base, model: 'llama-3.1-8b', scopeId: 'säl†🔑' },
      { ...base, scopeId: Uint8Array.of(0, 255, 1) },
    ];
    for (const input of inputs) expect(deriveCacheSalt(input)).toBe(independentCacheSalt(input));
  });

  it('gives the values of the first release', () => {
    expect(deriveCacheSalt(base)).toBe('cs1.f5b-AmdEGRyzqFZ21XGt5Fy1HCYqDvCO3C4eX1zzOdI');
    expect(deriveEngineSalt(engine)).toBe('cg1.BRP1xznB_rlHTNPeQrTL0SNXV2XOFE72e716LVlbgK8');
  });

  it('changes with every input', () => {
    const others: CacheSaltInput[] = [
      { ...base, key: filled(9) },
      { ...base, identity: filled(9) },
      { ...base, model: 'n' },
      { ...base, scope: 'group' },
      { ...base, scopeId: 'b' },
      { ...base, epoch: 1 },
    ];
    expect(new Set([base, ...others].map(deriveCacheSalt)).size).toBe(7);
  });

  it('cannot be confused by moving text between neighbouring inputs', () => {
    const left = deriveCacheSalt({ ...base, model: 'org_1', scopeId: '2345' });
    expect(deriveCacheSalt({ ...base, model: 'org_12', scopeId: '345' })).not.toBe(left);
    const tail = { ...base, scopeId: Uint8Array.of(0, 0, 0, 1), epoch: 0 };
    expect(deriveCacheSalt(tail)).not.toBe(deriveCacheSalt({ ...base, scopeId: '', epoch: 1 }));
  });

  it('names the argument that is out of range', () => {
    const wrong: [Partial<Record<keyof CacheSaltInput, unknown>>, string][] = [
      [{ key: new Uint8Array(31) }, 'key'],
      [{ key: 'A'.repeat(32) }, 'key'],
      [{ identity: new Uint8Array(48) }, 'identity'],
      [{ model: '' }, 'model'],
      [{ model: 'ä'.repeat(129) }, 'model'],
      [{ model: '\ud800' }, 'model'],
      [{ scope: 'everyone' }, 'scope'],
      [{ scope: undefined }, 'scope'],
      [{ scopeId: 5 }, 'scopeId'],
      [{ scopeId: new Uint8Array(65_537) }, 'scopeId'],
      [{ epoch: 2 ** 32 }, 'epoch'],
      [{ epoch: -1 }, 'epoch'],
      [{ epoch: 0.5 }, 'epoch'],
    ];
    for (const [change, subject] of wrong) {
      const input = { ...base, ...change } as CacheSaltInput;
      expect(codeOf(() => deriveCacheSalt(input))).toBe(`ERR_SESSION_DERIVATION ${subject}`);
    }
  });
});

describe('deriveEngineSalt', () => {
  it('agrees with an HMAC by node:crypto alone', () => {
    const message = lp(engine.scope, lp(...engine.owner), engine.salt);
    const expected = createHmac('sha256', engine.key).update(message).digest('base64url');
    expect(deriveEngineSalt(engine)).toBe(`cg1.${expected}`);
  });

  it('separates owners who send the same salt', () => {
    const owners = [
      ['issuer', 'tenant', 'subject'],
      ['issuer', 'tenant', 'other'],
      ['issuer', 'other', 'subject'],
      ['other', 'tenant', 'subject'],
      ['issuer', 'tenantsubject'],
      ['issuertenant', 'subject'],
      ['issuer', 'tenant'],
    ];
    expect(new Set(owners.map((owner) => deriveEngineSalt({ ...engine, owner }))).size).toBe(owners.length);
  });

  it('names the argument that is out of range', () => {
    const wrong: [Partial<EngineSaltInput>, string][] = [
      [{ key: new Uint8Array(0) }, 'key'],
      [{ owner: ['issuer'] }, 'owner'],
      [{ owner: ['issuer', ''] }, 'owner'],
      [{ salt: '' }, 'salt'],
      [{ salt: 'x'.repeat(513) }, 'salt'],
    ];
    for (const [change, subject] of wrong) {
      expect(codeOf(() => deriveEngineSalt({ ...engine, ...change }))).toBe(`ERR_SESSION_DERIVATION ${subject}`);
    }
  });
});
