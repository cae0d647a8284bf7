import OpenAI from 'openai';
import { createEd25519Signer, verifyReceipt } from '@cloister/audit';
import { attest, type AttestOptions } from '@cloister/client';
import { systemRandom } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { EVENTS, type ReceiptMaterial, signReceipt, startLyingGateway } from './lying-gateway.ts';

interface Outcome {
  readonly text: string;
  readonly error: unknown;
  readonly receipt: Promise<unknown>;
}

async function read(
  trailers: Parameters<typeof startLyingGateway>[0],
  options: Partial<AttestOptions> = {},
): Promise<Outcome & { readonly openai: unknown }> {
  await using gateway = await startLyingGateway(trailers);
  await using enclave = await attest(gateway.url, { policy: gateway.policy, roots: gateway.tee.roots, ...options });
  const response = await enclave.fetch(`${enclave.baseURL}/chat/completions`, { method: 'POST', body: '{}' });
  let [text, error]: [string, unknown] = ['', undefined];
  const decoder = new TextDecoder();
  try {
    for await (const piece of response.body ?? []) text += decoder.decode(piece, { stream: true });
  } catch (thrown) {
    error = thrown;
  }
  const receipt = enclave.receipt(response);
  receipt.catch(() => undefined);
  const client = new OpenAI({ baseURL: enclave.baseURL, apiKey: 'x', fetch: enclave.fetch });
  let openai: unknown;
  try {
    for await (const _ of await client.chat.completions.create({ model: 'x', messages: [], stream: true }));
  } catch (thrown) {
    openai = thrown;
  }
  return { text, error, receipt, openai };
}

const honest = async (material: ReceiptMaterial): Promise<[string, string][]> => [
  ['cloister-receipt', await signReceipt(material)],
];

describe('the receipt of an answer', () => {
  it('control: an honest one lets the answer end, and verifies again elsewhere', async () => {
    const { text, error, receipt, openai } = await read(honest);
    expect([text, error, openai]).toEqual([EVENTS, undefined, undefined]);
    const {
      text: written,
      receiptKey,
      opening,
    } = (await receipt) as { text: string; receiptKey: Uint8Array; opening: object };
    expect((await verifyReceipt(written, { receiptKey, ...opening })).matched).toEqual({
      enc: true,
      request: true,
      response: true,
    });
  });

  it('is demanded: without one the end marker never comes', async () => {
    const { text, error, receipt, openai } = await read(async () => []);
    expect(error).toMatchObject({ code: 'ERR_CLIENT_RECEIPT_MISSING' });
    expect(text).not.toContain('[DONE]');
    expect(openai).toMatchObject({ code: 'ERR_CLIENT_RECEIPT_MISSING' });
    await expect(receipt).rejects.toMatchObject({ code: 'ERR_CLIENT_RECEIPT_UNKNOWN' });
  });

  it('may be made optional, but a wrong one never passes', async () => {
    expect(await read(async () => [], { receipts: 'optional' })).toMatchObject({ text: EVENTS, error: undefined });
    const wrong = await read(async () => [['cloister-receipt', 'AA.AA']], { receipts: 'optional' });
    expect(wrong.error).toMatchObject({ code: 'ERR_CLIENT_RECEIPT_WRONG' });
  });

  const bytes = systemRandom(32);
  it.each<[string, (material: ReceiptMaterial) => Promise<[string, string][]>]>([
    ['malformed', async () => [['cloister-receipt', 'nonsense']]],
    ['repeated', async (material) => [...(await honest(material)), ...(await honest(material))]],
    [
      'of another request',
      async (material) => [['cloister-receipt', await signReceipt(material, { requestDigest: bytes })]],
    ],
    [
      'of another response',
      async (material) => [['cloister-receipt', await signReceipt(material, { responseDigest: bytes })]],
    ],
    ['of another exchange', async (material) => [['cloister-receipt', await signReceipt(material, { enc: bytes })]]],
    ['with another key k', async (material) => [['cloister-receipt', await signReceipt(material, { k: bytes })]]],
    ['of another keyset', async (material) => [['cloister-receipt', await signReceipt(material, { keyset: bytes })]]],
    [
      'of another deployment',
      async (material) => [['cloister-receipt', await signReceipt(material, { deployment: bytes })]],
    ],
    [
      'of another policy',
      async (material) => [['cloister-receipt', await signReceipt(material, { claimed: { policy: bytes } })]],
    ],
    [
      'signed by another key',
      async (material) => [
        ['cloister-receipt', await signReceipt({ ...material, signer: await createEd25519Signer() })],
      ],
    ],
  ])('%s fails the body before its end marker', async (_, trailers) => {
    const { text, error, openai } = await read(trailers);
    expect(error).toMatchObject({ code: 'ERR_CLIENT_RECEIPT_WRONG' });
    expect(text).not.toContain('[DONE]');
    expect(openai).toMatchObject({ code: 'ERR_CLIENT_RECEIPT_WRONG' });
  });
});
