import { readFileSync } from 'node:fs';
import { isCloisterError } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { answer } from './channel.ts';

type Row = Readonly<Record<string, unknown>>;

const read = (name: string): string => readFileSync(new URL(`../vectors/channel/${name}`, import.meta.url), 'utf8');
const json = (name: string): Row => JSON.parse(read(name)) as Row;

/** The value of an answer, or the code of a refusal. */
async function ask(line: Row): Promise<unknown> {
  try {
    return ((await answer(line)) as { readonly value: unknown }).value;
  } catch (error) {
    if (isCloisterError(error)) return error.code;
    throw error;
  }
}

describe('conformance: channel', () => {
  it('bhttp-decode', async () => {
    const { vectors } = json('bhttp-rfc9292.json') as {
      vectors: { knownLength?: string; indeterminate?: string; reject?: string }[];
    };
    const [response, request] = vectors;
    const expected = { status: 200, headers: [], trailers: [['trailer', 'text']] };
    for (const message of [response?.knownLength, response?.indeterminate]) {
      expect(await ask({ kind: 'bhttp-decode', message })).toMatchObject(expected);
    }
    expect(await ask({ kind: 'bhttp-decode', message: request?.knownLength })).toMatchObject({
      method: 'GET',
      path: '/hello.txt',
      body: '',
    });
    const rejects = vectors.filter(({ reject }) => reject !== undefined);
    for (const { reject } of rejects)
      expect(await ask({ kind: 'bhttp-decode', message: reject })).toMatch(/^ERR_CHANNEL_/);
    expect(rejects.length).toBe(2);
  });

  it.each([
    ['ohttp-rfc9458-a.json', 'ohttp-open', 'response-open'],
    ['chunked-ohttp-draft08.json', 'chunked-open', 'chunked-response-open'],
  ])('%s', async (file, requestKind, responseKind) => {
    const vector = json(file);
    const request = {
      kind: requestKind,
      secretKey: vector['gatewaySecretKey'],
      keyConfig: vector['keyConfig'],
      encapsulated: vector['encapsulatedRequest'],
    };
    expect(await ask(request)).toMatchObject({ message: vector['bhttpRequest'] });
    const response = {
      kind: responseKind,
      suite: vector['suite'],
      enc: vector['clientEphemeralPublicKey'],
      exportedSecret: vector['exportedSecret'],
    };
    expect(await ask({ ...response, encapsulated: vector['encapsulatedResponse'] })).toMatchObject({
      message: vector['bhttpResponse'],
    });
  });

  it.each([
    ['ohttp-seal', 'ohttp-open', { message: '0140c8' }],
    ['chunked-seal', 'chunked-open', { message: '0140c8' }],
    ['chunked-seal', 'chunked-open', { chunks: ['01', '40c8', ''] }],
    ['response-seal', 'response-open', { message: '0140c8' }],
    ['chunked-response-seal', 'chunked-response-open', { chunks: ['01', '40c8', ''] }],
  ])('%s, then %s', async (seal, open, content) => {
    const vector = json('chunked-ohttp-draft08.json');
    const { keyConfig, gatewaySecretKey: secretKey, suite, clientEphemeralPublicKey: enc, exportedSecret } = vector;
    const shared = { keyConfig, secretKey, suite, enc, exportedSecret };
    const { encapsulated } = (await ask({ ...shared, ...content, kind: seal })) as { readonly encapsulated: string };
    const opened = await ask({ ...shared, kind: open, encapsulated });
    expect(opened).toMatchObject({ message: '0140c8', ...content });
    expect(await ask({ ...shared, kind: open, encapsulated: encapsulated.slice(0, -2) })).toMatch(/^ERR_CHANNEL_/);
  });

  it('hpke-open and hpke-export', async () => {
    const { vectors } = json('hpke-rfc9180-x25519.json') as unknown as { vectors: Row[] };
    for (const row of vectors) {
      const { kem_id: kem, kdf_id: kdf, aead_id: aead, skRm: secretKey, enc, info } = row;
      const shared = { kem, kdf, aead, secretKey, enc, info };
      for (const { aad, ct, pt, ...rest } of row['encryptions'] as Row[]) {
        const question = { ...shared, kind: 'hpke-open', aad, ciphertext: ct, sequence: rest['sequence number'] };
        expect(await ask(question)).toBe(pt);
        expect(await ask({ ...question, aad: '00' })).toBe('ERR_CHANNEL_DECRYPT_FAILED');
      }
      for (const { exporter_context: context, L, exported_value: value } of row['exports'] as Row[]) {
        expect(await ask({ ...shared, kind: 'hpke-export', context, length: Number(L) })).toBe(value);
      }
    }
  });

  it('fixtures of third parties: every KEM and AEAD opens', async () => {
    const rows = read('ohttp-fixtures.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Row);
    const named = new Map(rows.map(({ id, hex }) => [id, hex]));
    const fixtures = rows.filter(({ oracle }) => oracle !== undefined);
    expect(fixtures.length).toBe(45);
    for (const { sk: secretKey, encapsulated, chunked, keys, plaintext } of fixtures) {
      const kind = chunked === true ? 'chunked-open' : 'ohttp-open';
      const question = { kind, secretKey, encapsulated, keyConfig: named.get(keys) };
      expect(await ask(question)).toMatchObject({ message: named.get(plaintext) });
    }
  });

  it('xwing-decapsulate', async () => {
    const rows = json('xwing-kem.json')['vectors'] as Row[];
    expect(rows.length).toBe(3);
    for (const { seed, ct: ciphertext, ss } of rows) {
      expect(await ask({ kind: 'xwing-decapsulate', seed, ciphertext })).toBe(ss);
    }
    const short = { kind: 'xwing-decapsulate', seed: rows[0]?.['seed'], ciphertext: '00' };
    expect(await ask(short)).toBe('ERR_CHANNEL_INVALID_KEY');
    expect(await ask({ ...short, seed: '00' })).toBe('ERR_CHANNEL_INVALID_KEY');
  });

  it.each([
    {},
    { kind: 'none' },
    { kind: 'bhttp-decode' },
    { kind: 'bhttp-decode', message: 'xyz' },
    { kind: 'hpke-open', kem: -1 },
    { kind: 'response-open', suite: 1 },
    { kind: 'chunked-seal', keyConfig: json('chunked-ohttp-draft08.json')['keyConfig'], chunks: [1] },
  ])('a question that is none: %o', async (line) => {
    expect(await ask(line)).toBe('ERR_CONFORMANCE_MALFORMED_LINE');
  });

  it('the id comes back', async () => {
    expect(await answer({ id: 'x', kind: 'bhttp-decode', message: '0140c8' })).toMatchObject({ id: 'x', ok: true });
  });
});
