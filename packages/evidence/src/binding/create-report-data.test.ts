import { createHash } from 'node:crypto';
import type { GpuEvidence } from '@cloister/core';
import { expect, test } from 'vitest';
import { createGpuNonce, createReportData } from './create-report-data.ts';

const nonceRoot = new Uint8Array(32).fill(1);
const keyset = new Uint8Array(100).fill(2);
const gpu = (report: string, chain: string): GpuEvidence => ({
  arch: 'HOPPER',
  report: Buffer.from(report),
  certChain: Buffer.from(chain),
});

function framed(...parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat(parts.flatMap((part) => [Buffer.from([0, 0, part.length >> 8, part.length & 255]), part]));
}
const hash = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

test('report data is the SHA-512 of the framed parts', () => {
  const expected = createHash('sha512')
    .update('cloister/binding/v1')
    .update(
      framed(
        nonceRoot,
        hash(keyset),
        hash(framed(Buffer.from('r0'), Buffer.from('c0'), Buffer.from('r1'), Buffer.from('c1'))),
      ),
    )
    .digest();
  expect(Buffer.from(createReportData({ nonceRoot, keyset, gpus: [gpu('r0', 'c0'), gpu('r1', 'c1')] }))).toEqual(
    expected,
  );
});

test('without GPUs the GPU part is the hash of nothing', () => {
  const expected = createHash('sha512')
    .update('cloister/binding/v1')
    .update(framed(nonceRoot, hash(keyset), hash(Buffer.alloc(0))))
    .digest();
  expect(Buffer.from(createReportData({ nonceRoot, keyset, gpus: [] }))).toEqual(expected);
});

test('bytes that move from one part to the next change it', () => {
  const data = (gpus: readonly GpuEvidence[]): string =>
    Buffer.from(createReportData({ nonceRoot, keyset, gpus })).toString('hex');
  const all = [
    data([gpu('ab', 'c')]),
    data([gpu('a', 'bc')]),
    data([gpu('a', ''), gpu('b', 'c')]),
    data([gpu('b', 'c'), gpu('a', '')]),
  ];
  expect(new Set(all).size).toBe(4);
});

test('the GPU nonce depends on the root alone', () => {
  const expected = createHash('sha256').update('cloister/gpu-nonce/v1').update(framed(nonceRoot)).digest();
  expect(Buffer.from(createGpuNonce(nonceRoot))).toEqual(expected);
});
