import { isCloisterError, utf8 } from '@cloister/core';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { createSimulatedEvidence } from '../../../../test/evidence/simulated-bundle.ts';
import { encodeEvidenceBundle, type EvidenceBundle, parseEvidenceBundle } from './evidence-bundle.ts';

let bundle: EvidenceBundle;
let text: string;

beforeAll(async () => {
  ({ bundle } = await createSimulatedEvidence());
  text = encodeEvidenceBundle(bundle);
});

function code(json: string | Uint8Array): string {
  try {
    parseEvidenceBundle(json);
    return 'parsed';
  } catch (error) {
    return isCloisterError(error) ? error.code : 'foreign error';
  }
}

describe('encoding', () => {
  test('is parsed to the same bundle, from text and from bytes', () => {
    expect(encodeEvidenceBundle(parseEvidenceBundle(text))).toBe(text);
    expect(parseEvidenceBundle(utf8(text)).keyset).toEqual(bundle.keyset);
  });

  test('carries GPUs and optional members', () => {
    const gpus = [{ arch: 'HOPPER', report: Uint8Array.of(1), certChain: Uint8Array.of(2), nrasToken: 'a.b.c' }];
    const cpu = { tee: 'sev-snp', report: Uint8Array.of(3), certs: [Uint8Array.of(4)] } as const;
    const { collateral: _, ...rest } = bundle;
    const other = { ...rest, gpus, cpu };
    expect(parseEvidenceBundle(encodeEvidenceBundle(other))).toEqual(other);
  });
});

describe('parsing refuses', () => {
  const edits: readonly (readonly [string, (value: Record<string, unknown>) => void])[] = [
    ['an unknown member', (value) => (value['extra'] = true)],
    ['another version', (value) => (value['version'] = 2)],
    ['a short nonce', (value) => (value['nonce'] = 'AAAA')],
    ['another TEE', (value) => (value['cpu'] = { tee: 'sgx', quote: '' })],
    ['an unknown member of cpu', (value) => (value['cpu'] = { tee: 'tdx', quote: '', x: 1 })],
    ['a path of nine', (value) => (value['nonceProof'] = { index: 0, size: 1, path: Array(9).fill('A'.repeat(43)) })],
    ['a fractional index', (value) => (value['nonceProof'] = { index: 0.5, size: 1, path: [] })],
    ['seventeen GPUs', (value) => (value['gpus'] = Array(17).fill({ arch: 'HOPPER', report: '', certChain: '' }))],
    ['base64 in place of base64url', (value) => (value['keyset'] = '++//')],
    ['a member of collateral missing', (value) => (value['collateral'] = {})],
    ['an explicit null', (value) => (value['collateral'] = null)],
  ];
  test.each(edits)('%s', (_, edit) => {
    const value = JSON.parse(text) as Record<string, unknown>;
    edit(value);
    expect(code(JSON.stringify(value))).toBe('ERR_EVIDENCE_BUNDLE_MALFORMED');
  });

  test('duplicate members and anything that is no JSON object', () => {
    for (const other of [text.replace('{', '{"version":1,'), '', 'null', '[]', '"x"', `${text}x`]) {
      expect(code(other)).toBe('ERR_EVIDENCE_BUNDLE_MALFORMED');
    }
  });

  test('a cut anywhere', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: text.length - 1 }),
        (length) => code(text.slice(0, length)) === 'ERR_EVIDENCE_BUNDLE_MALFORMED',
      ),
    );
  });

  test('any JSON at all, with an error of ours', () => {
    fc.assert(fc.property(fc.json(), (json) => code(json) === 'ERR_EVIDENCE_BUNDLE_MALFORMED'));
  });
});
