import { canonicalJson, fromBase64url, sha256, systemRandom, toBase64url, toHex, utf8 } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { createEd25519Signer } from '../create-ed25519-signer.ts';
import { createReceipt } from './create-receipt.ts';
import type { ReceiptFields } from './create-receipt.ts';
import { createTranscript } from './create-transcript.ts';
import { parseReceipt } from './parse-receipt.ts';
import { signedBytes } from './receipt.ts';
import { verifyReceipt } from './verify-receipt.ts';

const requestHead = { method: 'POST', scheme: 'https', authority: 'e', path: '/v1/x', headers: [['a', 'b']] as const };
const responseHead = { status: 200, headers: [['content-type', 'text/plain']] as const };

function transcript(head: Parameters<typeof createTranscript>[0], ...chunks: string[]): Uint8Array {
  const hash = createTranscript(head);
  for (const chunk of chunks) hash.update(utf8(chunk));
  return hash.digest();
}

const fields: ReceiptFields = {
  k: systemRandom(32),
  enc: systemRandom(32),
  requestDigest: transcript(requestHead, 'question'),
  responseDigest: transcript(responseHead, 'answer'),
  keyset: systemRandom(32),
  deployment: systemRandom(32),
  wirePolicy: systemRandom(32),
  model: 'llama-3.1-8b',
  scope: 'session',
  usage: { input: 12, output: 3, cached: 0 },
  startedAt: 1_700_000_000_000,
  endedAt: 1_700_000_000_250,
  claimed: { evidence: systemRandom(32) },
};
const signer = await createEd25519Signer();
const text = await createReceipt(fields, (message) => signer.sign(message));
const { k, enc, requestDigest, responseDigest } = fields;
const receiptKey = signer.publicKey;

describe('transcripts', () => {
  it('do not depend on the chunks', () => {
    expect(transcript(requestHead, 'que', '', 'stion')).toEqual(requestDigest);
  });

  it('are the hash of the documented bytes', () => {
    const lp = (bytes: Uint8Array): number[] => [0, 0, 0, bytes.length, ...bytes];
    const parts = [[0, 200], [0, 0, 0, 1], utf8('content-type'), utf8('text/plain')].map((part) =>
      Uint8Array.from(part),
    );
    expect(responseDigest).toEqual(sha256(Uint8Array.from([...parts.flatMap(lp), ...utf8('answer')])));
  });

  it('tell a field from its neighbour and a header from content', () => {
    const digests = [
      transcript({ ...requestHead, headers: [['a', 'bc']] }),
      transcript({ ...requestHead, headers: [['ab', 'c']] }),
      transcript({
        ...requestHead,
        headers: [
          ['a', 'b'],
          ['c', ''],
        ],
      }),
      transcript({ ...requestHead, headers: [] }),
      transcript({ ...requestHead, path: '/v1/', authority: 'xe' }),
    ];
    expect(new Set(digests.map(toHex)).size).toBe(digests.length);
  });
});

describe('receipts', () => {
  it('fit a header and verify against the whole exchange', async () => {
    expect(text).toMatch(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}$/);
    const verified = await verifyReceipt(text, { receiptKey, k, enc, requestDigest, responseDigest });
    expect(verified.matched).toEqual({ enc: true, request: true, response: true });
    expect(verified.receipt).toMatchObject({ model: 'llama-3.1-8b', usage: { output: 3 }, scope: 'session' });
    expect(verified.digest).toBe(toHex(sha256(utf8(text))));
  });

  it('verify without the opening, and say that nothing was compared', async () => {
    expect((await verifyReceipt(text, { receiptKey })).matched).toEqual({
      enc: false,
      request: false,
      response: false,
    });
  });

  it('hold nothing that was said', () => {
    const { payload } = parseReceipt(text);
    expect(Buffer.from(payload).toString()).not.toMatch(/question|answer/);
  });

  it.each([
    ['enc', { enc: systemRandom(32) }],
    ['request', { k, requestDigest: responseDigest }],
    ['response', { k, responseDigest: requestDigest }],
    ['request', { k: systemRandom(32), requestDigest }],
    ['response', { responseDigest }],
  ])('refuse another exchange (%s)', async (subject, other) => {
    await expect(verifyReceipt(text, { receiptKey, ...other })).rejects.toMatchObject({
      code: 'ERR_AUDIT_RECEIPT_COMMITMENT',
      subject,
    });
  });

  it('refuse another key', async () => {
    const other = await createEd25519Signer();
    const refused = { code: 'ERR_AUDIT_RECEIPT_SIGNATURE' };
    await expect(verifyReceipt(text, { receiptKey: other.publicKey })).rejects.toMatchObject(refused);
    await expect(verifyReceipt(text, { receiptKey: new Uint8Array(31) })).rejects.toMatchObject(refused);
  });

  it('refuse every changed byte', async () => {
    for (let index = 0; index < text.length; index += 7) {
      const changed = text.slice(0, index) + (text[index] === 'A' ? 'B' : 'A') + text.slice(index + 1);
      await expect(verifyReceipt(changed, { receiptKey })).rejects.toMatchObject({ name: 'CloisterError' });
    }
  });

  it('refuse a genuine signature made without the label', async () => {
    const { payload } = parseReceipt(text);
    const forged = `${toBase64url(payload)}.${toBase64url(await signer.sign(payload))}`;
    await expect(verifyReceipt(forged, { receiptKey })).rejects.toMatchObject({ code: 'ERR_AUDIT_RECEIPT_SIGNATURE' });
  });

  it.each(['', '.', 'a.b', `${text}.`, `${text}=`, ` ${text}`, text.repeat(9), 'AA.AA', '\u{1F600}.x'])(
    'refuse malformed text %#',
    (malformed) => {
      expect(() => parseReceipt(malformed)).toThrow(expect.objectContaining({ code: 'ERR_AUDIT_RECEIPT' }));
    },
  );

  it('refuse unknown members and JSON that is not canonical, even when signed', async () => {
    const payload = new TextDecoder().decode(parseReceipt(text).payload);
    for (const changed of [
      payload.replace('{', '{"z":1,'),
      payload.replace('{', '{ '),
      payload.replace('"v":1', '"v":2'),
    ]) {
      const signature = toBase64url(await signer.sign(signedBytes(utf8(changed))));
      const forged = `${toBase64url(utf8(changed))}.${signature}`;
      await expect(verifyReceipt(forged, { receiptKey })).rejects.toMatchObject({ code: 'ERR_AUDIT_RECEIPT' });
    }
  });

  it.each([
    { startedAt: -1 },
    { endedAt: 1.5 },
    { keyset: new Uint8Array(31) },
    { model: 'a model' },
    { model: 'x'.repeat(129) },
  ])('are not made of values out of range %#', async (change) => {
    const made = createReceipt({ ...fields, ...change }, (message) => signer.sign(message));
    await expect(made).rejects.toMatchObject({ code: 'ERR_AUDIT_RECEIPT' });
  });

  it('carry canonical JSON', () => {
    const { payload, receipt } = parseReceipt(text);
    expect(payload).toEqual(canonicalJson(receipt));
    expect(fromBase64url(text.split('.')[0] ?? '')).toEqual(payload);
  });
});
