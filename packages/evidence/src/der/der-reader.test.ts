import { fromHex } from '@cloister/core';
import { describe, expect, test } from 'vitest';
import { createDerReader, readSequence, TAG } from './der-reader.ts';
import {
  readBitString,
  readBoolean,
  readEcdsaSignature,
  readInteger,
  readObjectIdentifier,
  readSmallInteger,
  readTime,
} from './der-values.ts';

const refusal = expect.objectContaining({ code: 'ERR_EVIDENCE_DER_MALFORMED' });
const any = (hex: string): ReturnType<ReturnType<typeof createDerReader>['any']> => createDerReader(fromHex(hex)).any();

describe('structure', () => {
  test.each([
    ['nothing', ''],
    ['a tag without a length', '30'],
    ['contents cut short', '040201'],
    ['indefinite length', '30800000'],
    ['a long form that fits the short one', '04810100'],
    ['a length with a leading zero', '0482000100'],
    ['a length of four bytes', '048400000001ff'],
    ['a high tag number', '1f0100'],
  ])('refuses %s', (_, hex) => {
    expect(() => any(hex)).toThrow(refusal);
  });

  test('accepts short and long forms', () => {
    expect(any('0401ff').content).toEqual(Uint8Array.of(0xff));
    expect(any(`048180${'00'.repeat(128)}`).content).toHaveLength(128);
    expect(any(`04820100${'00'.repeat(256)}`).raw).toHaveLength(260);
  });

  test('refuses another tag, leftovers and a second element', () => {
    expect(() => createDerReader(fromHex('0401ff')).next(TAG.integer)).toThrow(refusal);
    expect(() => createDerReader(fromHex('0401ff')).end()).toThrow(refusal);
    expect(() => readSequence(fromHex('30003000'))).toThrow(refusal);
  });
});

describe('values', () => {
  test.each(['0200', '02020001', '0202ff80'])('refuses INTEGER %s', (hex) => {
    expect(() => readInteger(any(hex))).toThrow(refusal);
  });

  test('reads small integers and refuses negative or large ones', () => {
    expect(readSmallInteger(any('02020100'))).toBe(256);
    expect(() => readSmallInteger(any('0201ff'))).toThrow(refusal);
    expect(() => readSmallInteger(any('02050100000000'))).toThrow(refusal);
  });

  test('refuses values that have another encoding', () => {
    expect(readBoolean(any('0101ff'))).toBe(true);
    expect(() => readBoolean(any('010101'))).toThrow(refusal);
    expect(() => readObjectIdentifier(any('060155'.replace('55', '85')))).toThrow(refusal);
    expect(() => readBitString(any('03020100'))).toThrow(refusal);
  });

  const time = (tag: string, text: string): number =>
    readTime(any(`${tag}${text.length.toString(16).padStart(2, '0')}${Buffer.from(text).toString('hex')}`));

  test('reads both kinds of time', () => {
    expect(time('17', '491231235959Z')).toBe(Date.UTC(2049, 11, 31, 23, 59, 59));
    expect(time('17', '500101000000Z')).toBe(Date.UTC(1950, 0, 1));
    expect(time('18', '20520229120000Z')).toBe(Date.UTC(2052, 1, 29, 12));
  });

  test.each([
    ['17', '2502301200Z'],
    ['17', '250230120000Z'],
    ['17', '250101240000Z'],
    ['17', '250101120000+0100'],
    ['18', '20250101120000.5Z'],
    ['18', '20251301120000Z'],
    ['04', '250101120000Z'],
  ])('refuses time %s %s', (tag, text) => {
    expect(() => time(tag, text)).toThrow(refusal);
  });

  test('pads short signature halves and refuses long or negative ones', () => {
    expect(readEcdsaSignature(fromHex('3006020101020102'), 32)[31]).toBe(1);
    expect(readEcdsaSignature(fromHex('3006020101020102'), 32)[63]).toBe(2);
    expect(() => readEcdsaSignature(fromHex('30060201ff020102'), 32)).toThrow(refusal);
    expect(() => readEcdsaSignature(fromHex(`302602210101${'00'.repeat(31)}020101`), 32)).toThrow(refusal);
    expect(() => readEcdsaSignature(fromHex('3009020101020102020103'), 32)).toThrow(refusal);
  });
});
