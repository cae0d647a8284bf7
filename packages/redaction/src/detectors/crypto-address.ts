import { base58CheckVersion, BITCOIN_DIGITS, XRP_DIGITS } from '../checksums/base58.ts';
import { isBech32 } from '../checksums/bech32.ts';
import { isEip55 } from '../checksums/eip55.ts';
import type { FoldedDetector } from '../detector.ts';
import { hasKeyword } from './context.ts';
import { findAll, findingOf } from './find-all.ts';

const CANDIDATE =
  /(?<!\w)(?:0x[\da-fA-F]{40}|(?:(?:bc|tb|ltc|addr)1[a-z\d]{11,110}|(?:BC|LTC)1[A-Z\d]{11,90})|[13LMDTXr][1-9A-HJ-NP-Za-km-z]{24,34})(?!\w)/g;
const KEYWORDS =
  /\b(?:bitcoin|btc|ethereum|eth|erc-?20|wallet|crypto|litecoin|ltc|dogecoin|doge|dash|tron|trx|usdt|ripple|xrp|cardano|ada)\b/i;
// Version bytes: Bitcoin, Litecoin, Dogecoin, TRON, Dash; pay to a key or to a script.
const VERSIONS: ReadonlySet<number | undefined> = new Set([0x00, 0x05, 0x30, 0x32, 0x1e, 0x16, 0x41, 0x4c, 0x10]);

/**
 * Addresses of payment chains: Bitcoin, Litecoin, Dogecoin, Dash, TRON and XRP in Base58Check, Bitcoin, Litecoin and Cardano in
 * Bech32 and Bech32m, Ethereum with ERC-55. One whose checksum fails counts only beside a word such as `wallet`, and says
 * `verified: false`; so does an Ethereum address in one case, which has no checksum.
 */
export const cryptoAddressDetector: FoldedDetector = {
  id: 'crypto-address',
  view: 'folded',
  detect: (text) =>
    findAll(text, CANDIDATE, (match) => {
      const address = match[0];
      const verified = isChecked(address);
      const alone = verified || /^0x(?:[\da-f]{40}|[\dA-F]{40})$/.test(address);
      if (!alone && !hasKeyword(text, match.index, match.index + address.length, KEYWORDS)) return undefined;
      return findingOf(match, 'CRYPTO_ADDRESS', verified ? 1 : 0.6, verified);
    }),
};

function isChecked(address: string): boolean {
  if (address.startsWith('0x')) return /[a-f]/.test(address) && /[A-F]/.test(address) && isEip55(address);
  if (/^(?:bc|tb|ltc|addr)1/i.test(address)) return isBech32(address);
  if (address.startsWith('r')) return base58CheckVersion(address, XRP_DIGITS) === 0;
  return VERSIONS.has(base58CheckVersion(address, BITCOIN_DIGITS));
}
