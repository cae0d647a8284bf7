import { fromBase64, toBase64 } from '@cloister/core';
import { expect, test } from 'vitest';
import { flipBit, loadText } from '../../../../../test/evidence/load-vectors.ts';
import { createCheckList } from '../../check.ts';
import { COMMON_ERRORS } from '../../errors.ts';
import { verifyRsaPkcs1 as native } from '../../rsa/node.ts';
import { verifyRsaPkcs1 as portable } from '../../rsa/portable.ts';
import { parseCertificate } from '../../x509/parse-certificate.ts';
import { NRAS_CHECK_IDS } from '../checks.ts';
import { NVIDIA_ROOTS } from '../nvidia-roots.ts';
import { checkNrasKey } from './check-nras-key.ts';
import { parseNrasAnswer } from './parse-nras-answer.ts';
import { verifyNrasToken } from './verify-nras-token.ts';

const { x5c } = JSON.parse(loadText('nvidia/attrs-nras-x5c-chain.json')) as { x5c: [string, string] };
const answer = loadText('nvidia/nras-hopper-v3.detached-eat.json');
const inside = Date.parse('2026-06-09T00:00:00Z');

async function checkKey(chain: readonly string[], now = inside): Promise<string> {
  const list = createCheckList({ ids: NRAS_CHECK_IDS, errors: COMMON_ERRORS });
  const key = await checkNrasKey(list, chain, { now, trusted: NVIDIA_ROOTS.attestationService });
  return key === undefined ? (list.entries().find(({ result }) => result === 'fail')?.id ?? 'nothing') : 'accepted';
}

test("the genuine chain of the service's key holds on its two days only", async () => {
  expect(await checkKey(x5c)).toBe('accepted');
  expect(await checkKey(x5c, Date.parse('2026-06-08T19:50:19Z'))).toBe('nras.validity');
  expect(await checkKey(x5c, Date.parse('2026-06-10T19:50:51Z'))).toBe('nras.validity');
  expect(await checkKey([x5c[0]])).toBe('nras.chain');
  expect(await checkKey([x5c[1], x5c[0]])).toBe('nras.root');
  expect(await checkKey([x5c[1], x5c[1]])).toBe('nras.chain');
});

test('no changed byte of the leaf is accepted', async () => {
  const leaf = fromBase64(x5c[0]);
  for (let at = 0; at < leaf.length; at++) {
    expect(await checkKey([toBase64(flipBit(leaf, at)), x5c[1]])).not.toBe('accepted');
  }
});

test.each([
  ['native', native],
  ['portable', portable],
])('%s RSASSA-PKCS1-v1_5', async (_, verify) => {
  const [leaf, issuer] = x5c.map((text) => parseCertificate(fromBase64(text)));
  if (leaf === undefined || issuer === undefined) throw new Error('two certificates');
  expect(await verify(issuer.publicKey, leaf.signed, leaf.signature)).toBe(true);
  expect(await verify(issuer.publicKey, flipBit(leaf.signed, 9), leaf.signature)).toBe(false);
  expect(await verify(issuer.publicKey, leaf.signed, flipBit(leaf.signature, 9))).toBe(false);
  expect(await verify(leaf.publicKey, leaf.signed, leaf.signature)).toBe(false);
});

test('a genuine answer parses; under the key of another day it is refused', async () => {
  const { overall, devices } = parseNrasAnswer(answer);
  expect([...devices.keys()]).toEqual(['GPU-0']);
  const keys = { [overall.keyId ?? '']: x5c };
  await expect(verifyNrasToken(answer, { now: inside, keys })).rejects.toMatchObject({
    code: 'ERR_EVIDENCE_NRAS_SIGNATURE',
  });
  await expect(verifyNrasToken(answer, { now: inside })).rejects.toMatchObject({
    code: 'ERR_EVIDENCE_CERTIFICATE_MALFORMED',
  });
});
