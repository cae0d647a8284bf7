import { describe, expect, it } from 'vitest';
import { base58CheckVersion, BITCOIN_DIGITS, XRP_DIGITS } from './base58.ts';
import { isBech32 } from './bech32.ts';
import { isEip55 } from './eip55.ts';

/** The text with one character changed to another of the same kind. */
function changed(text: string, at: number): string {
  const character = text[at] ?? '';
  const other = /\d/.test(character) ? String((Number(character) % 8) + 2) : character === 'a' ? 'c' : 'a';
  return text.slice(0, at) + other + text.slice(at + 1);
}

// Examples of the standards and of public chains.
describe('addresses of payment chains', () => {
  it.each([
    ['1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', BITCOIN_DIGITS, 0],
    ['3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy', BITCOIN_DIGITS, 5],
    ['LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1', BITCOIN_DIGITS, 0x30],
    ['TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW', BITCOIN_DIGITS, 0x41],
    ['rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh', XRP_DIGITS, 0],
  ])('%s in Base58Check, and in no other spelling', (address, digits, version) => {
    expect(base58CheckVersion(address, digits)).toBe(version);
    for (let at = 1; at < address.length; at++)
      expect(base58CheckVersion(changed(address, at), digits)).not.toBe(version);
  });

  it.each([
    'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq',
    'BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4',
    'bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr',
  ])('%s in Bech32 or Bech32m, and in no other spelling', (address) => {
    expect(isBech32(address)).toBe(true);
    for (let at = 4; at < address.length; at++) expect(isBech32(changed(address, at))).toBe(false);
    expect(isBech32(address.slice(0, 9) + address.slice(9).replace(/[a-z]/i, (letter) => letter.toUpperCase()))).toBe(
      address === address.toUpperCase(),
    );
  });

  it.each([
    '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
    '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
    '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
    '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
  ])('%s by the case of its letters', (address) => {
    expect(isEip55(address)).toBe(true);
    const letter = address.search(/[a-fA-F]/);
    const flipped = address[letter] === address[letter]?.toLowerCase();
    const other = flipped ? address[letter]?.toUpperCase() : address[letter]?.toLowerCase();
    expect(isEip55(address.slice(0, letter) + (other ?? '') + address.slice(letter + 1))).toBe(false);
  });
});
