import { gatewayError } from '../errors.ts';

const MAX_SALT = 128;
const FORBIDDEN = new Set(['@', '/', '\\', '\0']);

/**
 * Checks a caller's salt against the rules of the engine, so that the engine never sees a salt that it would refuse.
 * @throws ERR_GATEWAY_SALT_INVALID
 */
export function parseCacheSalt(salt: string): string {
  const characters = Array.from(salt);
  const fits = characters.length > 0 && characters.length <= MAX_SALT && salt.isWellFormed();
  if (!fits || characters.some((character) => FORBIDDEN.has(character))) throw gatewayError('ERR_GATEWAY_SALT_INVALID');
  return salt;
}

/** Longest JSON text of a valid salt: every character as two escapes of six bytes, and the quotes. */
const MAX_SALT_TEXT = MAX_SALT * 12 + 2;

/**
 * The salt in a body's `cache_salt`; `undefined` for `null`, which the engine reads as the cache that all callers share.
 * @param text the member's JSON text
 * @throws ERR_GATEWAY_SALT_INVALID for other types and for salts that the engine would refuse
 */
export function parseBodySalt(text: string): string | undefined {
  if (text === 'null') return undefined;
  if (!text.startsWith('"') || text.length > MAX_SALT_TEXT) throw gatewayError('ERR_GATEWAY_SALT_INVALID');
  return parseCacheSalt(JSON.parse(text) as string);
}
