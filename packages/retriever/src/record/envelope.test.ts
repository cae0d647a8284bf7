import { concat, systemRandom, utf8 } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { enter } from '../../test/world.ts';
import { ENVELOPE_OVERHEAD, isSealedWithActiveKey, openEnvelope, sealEnvelope } from './envelope.ts';
import type { EnvelopePlace } from './additional-data.ts';
import { describeKey, deriveCollectionKeys, suiteOf } from './record-keys.ts';
import type { CollectionKeys, RecordField, RecordKey } from './record-keys.ts';

const keys = await deriveCollectionKeys(await enter(), 'notes');
const place: EnvelopePlace = { point: '0f'.repeat(16), field: 'payload', version: 7 };
const plaintext = utf8('a short note');
const sealed = sealEnvelope(keys, place, plaintext, systemRandom);

function open(envelope = sealed, changedPlace: Partial<EnvelopePlace> = {}, changedKeys: Partial<CollectionKeys> = {}) {
  return openEnvelope({ ...keys, ...changedKeys }, { ...place, ...changedPlace }, envelope);
}

/** The keys with another list for one field. */
const withKey = (field: RecordField, ...list: readonly RecordKey[]): Partial<CollectionKeys> => ({
  fields: { ...keys.fields, [field]: list },
});
const [payloadKey] = keys.fields.payload as readonly [RecordKey];

describe('sealEnvelope and openEnvelope', () => {
  it('gives back what was sealed, with 92 bytes of overhead and a fresh nonce', () => {
    expect(open()).toEqual(plaintext);
    expect(sealed).toHaveLength(plaintext.length + ENVELOPE_OVERHEAD);
    expect(ENVELOPE_OVERHEAD).toBe(92);
    const again = sealEnvelope(keys, place, plaintext, systemRandom);
    expect(again.subarray(0, 52)).toEqual(sealed.subarray(0, 52));
    expect(again.subarray(52)).not.toEqual(sealed.subarray(52));
  });

  it('refuses a flip of any single bit: header, key id, commitment, nonce, ciphertext and tag', () => {
    const accepted: number[] = [];
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const flipped = sealed.with(bit >> 3, (sealed[bit >> 3] as number) ^ (1 << (bit & 7)));
      if (typeof open(flipped) !== 'string') accepted.push(bit);
    }
    expect(accepted).toEqual([]);
  });

  it('refuses every shorter and a longer envelope', () => {
    for (let length = 0; length < sealed.length; length++) expect(open(sealed.subarray(0, length))).toMatch(/^ERR_/);
    expect(open(Uint8Array.of(...sealed, 0))).toBe('ERR_RETRIEVER_RECORD_TAMPERED');
  });

  it('refuses another place: every field of the additional data binds', async () => {
    expect(open(sealed, { point: `1f${'0f'.repeat(15)}` })).toBe('ERR_RETRIEVER_RECORD_TAMPERED');
    expect(open(sealed, { version: 8 })).toBe('ERR_RETRIEVER_RECORD_TAMPERED');
    expect(open(sealed, {}, { suite: suiteOf(utf8('another'), keys.collection, 'sealed') })).toBe(
      'ERR_RETRIEVER_RECORD_TAMPERED',
    );
    expect(open(sealed, {}, { suite: suiteOf(keys.tenant, 'other', 'sealed') })).toBe('ERR_RETRIEVER_RECORD_TAMPERED');
    // The same key under another field's name: only the additional data tells the two apart.
    expect(open(sealed, { field: 'vector' }, withKey('vector', payloadKey))).toBe('ERR_RETRIEVER_RECORD_TAMPERED');
    expect(open(sealed, { field: 'vector' })).toBe('ERR_RETRIEVER_RECORD_FOREIGN');
  });

  it('refuses another key, also one that claims the same name or commitment', () => {
    const other = describeKey(keys.sodium, systemRandom(32));
    expect(open(sealed, {}, withKey('payload', other))).toBe('ERR_RETRIEVER_RECORD_FOREIGN');
    const { id, commitment } = payloadKey;
    expect(open(sealed, {}, withKey('payload', { ...other, id }))).toBe('ERR_RETRIEVER_RECORD_TAMPERED');
    expect(open(sealed, {}, withKey('payload', { ...other, id, commitment }))).toBe('ERR_RETRIEVER_RECORD_TAMPERED');
  });

  it('derives other keys for every tenant, issuer, collection and purpose', async () => {
    const others = [
      await deriveCollectionKeys(await enter(), 'other'),
      await deriveCollectionKeys(await enter({ tenant: 'st-john' }), 'notes'),
      await deriveCollectionKeys(await enter({ issuer: 'elsewhere' }), 'notes'),
    ];
    const all = [keys, ...others].flatMap(({ ids, tags, fields }) =>
      [ids, tags, ...Object.values(fields).flatMap((list) => list.map(({ key }) => key))].map(String),
    );
    expect(new Set(all).size).toBe(20);
    expect(new Set([keys, ...others].map(({ partition }) => partition)).size).toBe(4);
    const same = await deriveCollectionKeys(await enter({ subject: 'someone-else', groups: [] }), 'notes');
    expect(same.fields.payload).toEqual(keys.fields.payload);
    same.clear();
    expect(same.fields.payload[0]?.key).toEqual(new Uint8Array(32));
  });

  it('opens what an older key sealed and seals with the newest', () => {
    const newer = describeKey(keys.sodium, systemRandom(32));
    const rotated = { ...keys, ...withKey('payload', newer, payloadKey) };
    expect(openEnvelope(rotated, place, sealed)).toEqual(plaintext);
    const again = sealEnvelope(rotated, place, plaintext, systemRandom);
    expect(openEnvelope(keys, place, again)).toBe('ERR_RETRIEVER_RECORD_FOREIGN');
    expect([sealed, again].map((one) => isSealedWithActiveKey(rotated, 'payload', one))).toEqual([false, true]);
    expect(openEnvelope({ ...keys, ...withKey('payload', newer) }, place, sealed)).toBe('ERR_RETRIEVER_RECORD_FOREIGN');
  });
});

describe('the mode plain', () => {
  it('keeps texts in clear, refuses a flip of any single bit, another place and another mode', async () => {
    const clear = await deriveCollectionKeys(await enter(), 'notes', 'plain');
    const envelope = sealEnvelope(clear, place, plaintext, systemRandom);
    expect(Buffer.from(envelope).includes(Buffer.from(plaintext))).toBe(true);
    expect(openEnvelope(clear, place, envelope)).toEqual(plaintext);
    const accepted: number[] = [];
    for (let bit = 0; bit < envelope.length * 8; bit++) {
      const flipped = envelope.with(bit >> 3, (envelope[bit >> 3] as number) ^ (1 << (bit & 7)));
      if (typeof openEnvelope(clear, place, flipped) !== 'string') accepted.push(bit);
    }
    expect(accepted).toEqual([]);
    for (let length = 0; length < envelope.length; length++) {
      expect(openEnvelope(clear, place, envelope.subarray(0, length))).toMatch(/^ERR_/);
    }
    expect(openEnvelope(clear, { ...place, version: 8 }, envelope)).toBe('ERR_RETRIEVER_RECORD_TAMPERED');
    // What is in clear never counts where records are sealed, even under the same key and suite; nor the other way round.
    expect(openEnvelope({ ...clear, mode: 'sealed' }, place, envelope)).toBe('ERR_RETRIEVER_RECORD_MALFORMED');
    expect(openEnvelope({ ...keys, mode: 'plain' }, place, sealed)).toBe('ERR_RETRIEVER_RECORD_MALFORMED');
    expect(openEnvelope({ ...clear, mode: 'prefix' }, place, sealed)).toBe('ERR_RETRIEVER_RECORD_TAMPERED');
  });
});

describe('long plaintexts', () => {
  const SEGMENT = 65_536 + 17;
  const long = systemRandom(65_536);
  const text = concat(long, long.subarray(0, 40_003));
  const whole = sealEnvelope(keys, place, concat(long, long, long), systemRandom);
  const short = sealEnvelope(keys, place, text, systemRandom);
  const start = ENVELOPE_OVERHEAD - 16;
  const segments = [0, 1, 2].map((index) => whole.subarray(start + index * SEGMENT, start + (index + 1) * SEGMENT));
  const arranged = (...order: readonly number[]): Uint8Array =>
    concat(whole.subarray(0, start), ...order.map((index) => segments[index] as Uint8Array));

  it.each([65_535, 65_536, 65_537, 131_072, 131_073])('come back whole at %i bytes', (length) => {
    const plain = new Uint8Array(length).fill(7);
    const envelope = sealEnvelope(keys, place, plain, systemRandom);
    expect(open(envelope)).toEqual(plain);
    expect(envelope[3]).toBe(length > 65_536 ? 2 : 1);
  });

  it('are refused when a segment is missing, moved, repeated or added', () => {
    expect(open(arranged(0, 1, 2))).toHaveLength(3 * 65_536);
    const wrong = [[0, 1], [1, 2], [0, 2], [0, 2, 1], [1, 0, 2], [0, 1, 1, 2], [0, 1, 2, 2], [2], []];
    for (const order of wrong) expect(open(arranged(...order))).toMatch(/^ERR_/);
  });

  it('are refused in another place and after a flip of any bit of header or of sampled bytes', () => {
    expect(open(short)).toEqual(text);
    expect(open(short, { version: 8 })).toBe('ERR_RETRIEVER_RECORD_TAMPERED');
    const accepted: number[] = [];
    const sampled = Array.from(
      { length: 300 },
      (_, index) => start + Math.floor((index * (short.length - start)) / 300),
    );
    for (const at of [...Array(start).keys(), ...sampled, short.length - 1]) {
      for (let bit = 0; bit < 8; bit += at < start ? 1 : 3) {
        const flipped = short.with(at, (short[at] as number) ^ (1 << bit));
        if (typeof open(flipped) !== 'string') accepted.push(at);
      }
    }
    expect(accepted).toEqual([]);
    for (const cut of [1, 17, 40_000, 40_020, 65_000]) expect(open(short.subarray(0, -cut))).toMatch(/^ERR_/);
  });
});
