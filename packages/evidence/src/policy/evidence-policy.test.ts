import { isCloisterError } from '@cloister/core';
import { describe, expect, test } from 'vitest';
import {
  type EvidencePolicy,
  digestEvidencePolicy,
  evidencePolicySchema,
  parseEvidencePolicy,
} from './evidence-policy.ts';

const value = 'ab'.repeat(48);
const image = { mrTd: value, rtmr1: value, rtmr2: value, mrConfigId: value };
const tuple = { mrTd: value, rtmr0: value, rtmr1: value, rtmr2: value, rtmr3: value };
const policy: EvidencePolicy = { tee: 'tdx', workload: image, deployment: 'cd'.repeat(32) };

function code(given: unknown): string {
  try {
    parseEvidencePolicy(given);
    return 'parsed';
  } catch (error) {
    return isCloisterError(error) ? error.code : 'foreign error';
  }
}

test('accepts image and configuration, or the whole tuple', () => {
  expect(code(policy)).toBe('parsed');
  expect(code({ ...policy, workload: tuple })).toBe('parsed');
  expect(code({ ...policy, acceptedTcb: ['OutOfDate'], minimumEvaluationNumber: 18, maxAge: 60_000 })).toBe('parsed');
});

describe('refuses', () => {
  test.each([
    ['nothing', undefined],
    ['an empty policy', {}],
    ['no workload', { tee: 'tdx', deployment: policy.deployment }],
    ['an unknown member', { ...policy, debug: true }],
    ['an unknown measurement', { ...policy, workload: { ...image, mrEnclave: value } }],
    ['another TEE', { ...policy, tee: 'sgx' }],
    ['upper-case hex', { ...policy, workload: { ...image, mrTd: value.toUpperCase() } }],
    ['an empty list of values', { ...policy, workload: { ...image, mrTd: [] } }],
    ['an advisory decision without an end', { ...policy, advisories: { 'INTEL-SA-00001': 'always' } }],
    ['an event of no register', { ...policy, events: [{ register: 4, digest: value }] }],
    ['an owner that is no key', { ...policy, owner: 'ab' }],
    ['a short measurement', { ...policy, workload: { ...image, mrTd: 'ab' } }],
    ['no accepted status', { ...policy, acceptedTcb: [] }],
    ['a revoked platform', { ...policy, acceptedTcb: ['Revoked'] }],
    ['an endless age', { ...policy, maxAge: 1e12 }],
  ])('%s', (_, given) => {
    expect(code(given)).toBe('ERR_EVIDENCE_POLICY_INVALID');
    expect(evidencePolicySchema.safeParse(given).success).toBe(false);
  });

  test.each([
    ['no pin', {}],
    ['the configuration alone, which the host writes', { mrConfigId: value }],
    ['the image alone', { mrTd: value, rtmr1: value, rtmr2: value }],
    ['a tuple with a gap', { mrTd: value, rtmr0: value, rtmr1: value, rtmr3: value }],
  ])('%s', (_, workload) => {
    expect(code({ ...policy, workload })).toBe('ERR_EVIDENCE_POLICY_UNPINNED');
    expect(evidencePolicySchema.safeParse({ ...policy, workload }).success).toBe(false);
  });
});

test('the digest does not depend on the order of members', () => {
  const reordered = Object.fromEntries(Object.entries(policy).toReversed()) as unknown as EvidencePolicy;
  expect(digestEvidencePolicy(reordered)).toEqual(digestEvidencePolicy(policy));
  expect(digestEvidencePolicy({ ...policy, maxAge: 1000 })).not.toEqual(digestEvidencePolicy(policy));
});
