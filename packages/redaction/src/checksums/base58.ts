import { sha256 } from '@cloister/core';

/** The order of the digits in Bitcoin's base 58. */
export const BITCOIN_DIGITS = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** The order of the digits in the base 58 of the XRP ledger. */
export const XRP_DIGITS = 'rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz';

const CHECKSUM_BYTES = 4;
const BYTES = 25;

/**
 * The version byte of an address in Base58Check: 21 bytes and the first four of their double SHA-256; `undefined` when the
 * checksum does not hold.
 */
export function base58CheckVersion(text: string, digits: string): number | undefined {
  const bytes = new Uint8Array(BYTES);
  for (const character of text) {
    let carry = digits.indexOf(character);
    if (carry < 0) return undefined;
    for (let index = BYTES - 1; index >= 0; index--) {
      carry += 58 * (bytes[index] ?? 0);
      bytes[index] = carry & 0xff;
      carry >>= 8;
    }
    if (carry !== 0) return undefined;
  }
  const check = sha256(sha256(bytes.subarray(0, BYTES - CHECKSUM_BYTES)));
  for (let index = 0; index < CHECKSUM_BYTES; index++)
    if (check[index] !== bytes[BYTES - CHECKSUM_BYTES + index]) return undefined;
  return bytes[0];
}
