import { describe, expect, it } from 'vitest';
import { CLASSIFICATIONS } from '@cloister/core';
import type { EvidencePolicy } from '@cloister/evidence';
import { CACHE_SCOPES } from '@cloister/session';
import { defaultPolicy, parseRuntimePolicy } from './policy.ts';

const digest = 'ab'.repeat(48);
const EVIDENCE: EvidencePolicy = {
  tee: 'tdx',
  workload: { mrTd: digest, rtmr1: digest, rtmr2: digest, mrConfigId: digest },
  deployment: 'cd'.repeat(32),
};

describe('defaultPolicy', () => {
  it('is accepted by its own schema and survives JSON', () => {
    const policy = defaultPolicy(EVIDENCE);
    expect(parseRuntimePolicy(JSON.parse(JSON.stringify(policy)))).toEqual(policy);
  });

  it('never becomes looser as the class rises', () => {
    const { classes } = defaultPolicy(EVIDENCE);
    const widths = CLASSIFICATIONS.map((label) => CACHE_SCOPES.indexOf(classes[label].widestCacheScope));
    expect(widths).toEqual(widths.toSorted((left, right) => right - left));
    const masked = CLASSIFICATIONS.map((label) => classes[label].redact.length);
    expect(masked).toEqual(masked.toSorted((left, right) => left - right));
  });
});

describe('parseRuntimePolicy', () => {
  const policy = defaultPolicy(EVIDENCE);
  it.each([
    ['an unknown member', { ...policy, debug: true }, undefined],
    [
      'a class that is not public in clear',
      { ...policy, classes: { ...policy.classes, internal: { ...policy.classes.internal, searchModes: ['plain'] } } },
      'classes.internal.searchModes.0',
    ],
    ['a missing class', { ...policy, classes: { public: policy.classes.public } }, 'classes.internal'],
    [
      'an unknown scope',
      {
        ...policy,
        classes: { ...policy.classes, restricted: { ...policy.classes.restricted, widestCacheScope: 'world' } },
      },
      'classes.restricted.widestCacheScope',
    ],
  ])('refuses %s and says where', (_name, value, subject) => {
    expect(() => parseRuntimePolicy(value)).toThrow(
      expect.objectContaining({ code: 'ERR_RUNTIME_POLICY_INVALID', subject }),
    );
  });

  it('refuses an evidence policy that pins nothing', () => {
    expect(() => parseRuntimePolicy({ ...policy, evidence: { ...EVIDENCE, workload: {} } })).toThrow(
      expect.objectContaining({ code: 'ERR_EVIDENCE_POLICY_UNPINNED' }),
    );
  });
});
