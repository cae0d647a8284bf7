import { systemRandom, utf8 } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { enter } from '../../test/world.ts';
import { ENVELOPE_OVERHEAD, openEnvelope, sealEnvelope } from './envelope.ts';
import type { EnvelopePlace } from './envelope.ts';
import { describeKey, deriveCollectionKeys } from './record-keys.ts';
import type { CollectionKeys } from './record-keys.ts';

const keys = await deriveCollectionKeys(await enter(), 'notes');
const place: EnvelopePlace = { point: '0f'.repeat(16), field: 'payload', version: 7 };
const plaintext = utf8('a short note');
const sealed = sealEnvelope(keys, place, plaintext, systemRandom);

function open(envelope = sealed, changedPlace: Partial<EnvelopePlace> = {}, changedKeys: Partial<CollectionKeys> = {}) {
  return openEnvelope({ ...keys, ...changedKeys }, { ...place, ...changedPlace }, envelope);
}

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
    expect(open(sealed, {}, { tenant: utf8('another') })).toBe('ERR_RETRIEVER_RECORD_TAMPERED');
    expect(open(sealed, {}, { collection: 'other' })).toBe('ERR_RETRIEVER_RECORD_TAMPERED');
    // The same key under another field's name: only the additional data tells the two apart.
    expect(open(sealed, { field: 'vector' }, { vector: keys.payload })).toBe('ERR_RETRIEVER_RECORD_TAMPERED');
    expect(open(sealed, { field: 'vector' })).toBe('ERR_RETRIEVER_RECORD_FOREIGN');
  });

  it('refuses another key, also one that claims the same name or commitment', () => {
    const other = describeKey(keys.sodium, systemRandom(32));
    expect(open(sealed, {}, { payload: other })).toBe('ERR_RETRIEVER_RECORD_FOREIGN');
    const { id, commitment } = keys.payload;
    expect(open(sealed, {}, { payload: { ...other, id } })).toBe('ERR_RETRIEVER_RECORD_TAMPERED');
    expect(open(sealed, {}, { payload: { ...other, id, commitment } })).toBe('ERR_RETRIEVER_RECORD_TAMPERED');
  });

  it('derives other keys for every tenant, issuer, collection and purpose', async () => {
    const others = [
      await deriveCollectionKeys(await enter(), 'other'),
      await deriveCollectionKeys(await enter({ tenant: 'st-john' }), 'notes'),
      await deriveCollectionKeys(await enter({ issuer: 'elsewhere' }), 'notes'),
    ];
    const all = [keys, ...others].flatMap(({ ids, tags, head, payload, vector }) =>
      [ids, tags, head.key, payload.key, vector.key].map(String),
    );
    expect(new Set(all).size).toBe(20);
    expect(new Set([keys, ...others].map(({ partition }) => partition)).size).toBe(4);
    const same = await deriveCollectionKeys(await enter({ subject: 'someone-else', groups: [] }), 'notes');
    expect(same.payload.key).toEqual(keys.payload.key);
    same.clear();
    expect(same.payload.key).toEqual(new Uint8Array(32));
  });
});
