import { toHex, utf8 } from '@cloister/core';
import { keccak_256 } from '@noble/hashes/sha3.js';

/** Whether the case of the letters of an address `0x` and 40 hexadecimal digits is its checksum (ERC-55): the hash of the address in lower case. */
export function isEip55(address: string): boolean {
  const digits = address.slice(2);
  const hash = toHex(keccak_256(utf8(digits.toLowerCase())));
  return Array.from(digits).every((digit, index) => {
    if (digit === digit.toLowerCase() && digit === digit.toUpperCase()) return true;
    return digit === digit.toUpperCase()
      ? Number.parseInt(hash[index] ?? '0', 16) > 7
      : Number.parseInt(hash[index] ?? '0', 16) < 8;
  });
}
