import { toBase64, toHex, utf8 } from '@cloister/core';
import type { Canary, CanaryPlace } from './create-canaries.ts';

/** How a canary was written where it was found. */
export type CanaryForm = 'raw' | 'base64' | 'hex' | 'json-escaped' | 'url-escaped' | 'utf-16';

/** A canary where it must not be. */
export interface CanaryHit {
  readonly place: CanaryPlace;
  readonly form: CanaryForm;
}

/**
 * Looks for canaries in bytes or text: as they are, in base64 (both alphabets, any alignment), in hex, with every
 * character escaped as in JSON or in a URL, and in UTF-16. Compressed and encrypted bytes are not looked into.
 * @returns each canary and form once
 */
export function findCanaries(haystack: Uint8Array | string, canaries: Iterable<Canary>): readonly CanaryHit[] {
  const text = toSearchable(typeof haystack === 'string' ? utf8(haystack) : haystack);
  const folded = text.toLowerCase();
  const hits: CanaryHit[] = [];
  for (const { place, text: canary } of canaries) {
    for (const [form, patterns] of Object.entries(formsOf(canary)) as [CanaryForm, readonly string[]][]) {
      const where = form === 'base64' ? text : folded;
      if (patterns.some((pattern) => where.includes(pattern))) hits.push({ place, form });
    }
  }
  return hits;
}

function toSearchable(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

function formsOf(canary: string): Readonly<Record<CanaryForm, readonly string[]>> {
  const bytes = utf8(canary);
  const codes = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
  return {
    raw: [canary],
    base64: [0, 1, 2].map((shift) => encodeShifted(bytes, shift)),
    hex: [toHex(bytes)],
    'json-escaped': [codes.map((code) => `\\u00${code}`).join('')],
    'url-escaped': [codes.map((code) => `%${code}`).join('')],
    // In both byte orders a zero stands between the letters.
    'utf-16': [Array.from(canary).join('\0')],
  };
}

/** What base64 makes of the bytes when others stand before and behind them. Letters alone need no second alphabet. */
function encodeShifted(bytes: Uint8Array, shift: number): string {
  const padded = new Uint8Array(shift + bytes.length);
  padded.set(bytes, shift);
  const whole = Math.floor((padded.length * 8) / 6);
  return toBase64(padded).slice(Math.ceil((shift * 8) / 6), whole);
}
