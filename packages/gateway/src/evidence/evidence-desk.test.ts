import { systemRandom } from '@cloister/core';
import type { EvidenceProvider } from '@cloister/core';
import { parseEvidenceBundle } from '@cloister/evidence';
import { createSimulatedTee } from '@cloister/simulator/tee';
import { describe, expect, it } from 'vitest';
import { createEvidenceDesk } from './evidence-desk.ts';
import { createKeysetHolder } from './keyset-holder.ts';

const { provider } = await createSimulatedTee();
const keysets = createKeysetHolder({
  deployment: new Uint8Array(32),
  lifetime: 600_000,
  clock: { now: () => Date.now() },
});

function counting(change: Partial<EvidenceProvider> = {}): { readonly provider: EvidenceProvider; quotes: number } {
  const inner: EvidenceProvider = { ...provider, ...change };
  const counted = {
    quotes: 0,
    provider: {
      ...inner,
      collect: (reportData: Uint8Array) => {
        counted.quotes += 1;
        return inner.collect(reportData);
      },
    },
  };
  return counted;
}

describe('the evidence desk', () => {
  it('shares a quote among callers that wait together, at most 256', async () => {
    const counted = counting();
    const desk = createEvidenceDesk({ evidence: counted.provider }, keysets);
    const nonces = Array.from({ length: 300 }, () => systemRandom(32));
    const bundles = (await Promise.all(nonces.map((nonce) => desk.issue(nonce)))).map((text) =>
      parseEvidenceBundle(text),
    );
    expect(bundles.map(({ nonce }) => Buffer.from(nonce))).toEqual(nonces.map((nonce) => Buffer.from(nonce)));
    expect(counted.quotes).toBe(3);
    expect(Math.max(...bundles.map(({ nonceProof }) => nonceProof.size))).toBe(256);
  });

  it('bounds the queue', async () => {
    const desk = createEvidenceDesk({ evidence: counting().provider }, keysets);
    const asked = Array.from({ length: 1100 }, () => desk.issue(systemRandom(32)));
    const refused = (await Promise.allSettled(asked)).filter(
      ({ status }) => status === 'rejected',
    ) as PromiseRejectedResult[];
    expect(refused.length).toBeGreaterThan(50);
    expect(refused[0]?.reason).toMatchObject({ code: 'ERR_GATEWAY_EVIDENCE_BUSY' });
  });

  it('says that the provider failed, without its words, and goes on', async () => {
    let isBroken = true;
    const collect: EvidenceProvider['collect'] = (reportData) =>
      isBroken ? Promise.reject(new Error('CANARY /sys/kernel/config')) : provider.collect(reportData);
    const desk = createEvidenceDesk({ evidence: counting({ collect }).provider }, keysets);
    const failed: unknown = await desk.issue(systemRandom(32)).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'ERR_GATEWAY_EVIDENCE_UNAVAILABLE' });
    expect(String(failed)).not.toContain('CANARY');
    isBroken = false;
    await expect(desk.issue(systemRandom(32))).resolves.toContain('quote');
  });
});
