const DIGITS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const [BECH32, BECH32M] = [1, 0x2bc830a3] as const;

/** Whether a text in one case carries a correct checksum of Bech32 (BIP 173) or Bech32m (BIP 350). */
export function isBech32(text: string): boolean {
  const lower = text.toLowerCase();
  if (text !== lower && text !== text.toUpperCase()) return false;
  const end = lower.lastIndexOf('1');
  if (end < 1) return false;
  const prefix = Array.from(lower.slice(0, end), (character) => character.charCodeAt(0));
  const data = Array.from(lower.slice(end + 1), (character) => DIGITS.indexOf(character));
  if (data.includes(-1)) return false;
  const values = [...prefix.map((code) => code >> 5), 0, ...prefix.map((code) => code & 31), ...data];
  const rest = values.reduce(step, 1);
  return rest === BECH32 || rest === BECH32M;
}

function step(checksum: number, value: number): number {
  const top = checksum >>> 25;
  const shifted = ((checksum & 0x1ffffff) << 5) ^ value;
  return GENERATOR.reduce((sum, term, bit) => (((top >> bit) & 1) === 1 ? sum ^ term : sum), shifted) >>> 0;
}
