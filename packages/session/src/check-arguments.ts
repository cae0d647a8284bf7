import { utf8 } from '@cloister/core';
import { isCacheScope } from './cache-scope.ts';
import { sessionError } from './errors.ts';

/** Checks one argument of a derivation. @throws CloisterError `ERR_SESSION_DERIVATION` naming it */
function check(holds: boolean, subject: string): void {
  if (!holds) throw sessionError('ERR_SESSION_DERIVATION', { subject });
}

/** @throws CloisterError `ERR_SESSION_DERIVATION` unless `value` is 32 bytes */
export function check32Bytes(value: unknown, subject: string): void {
  check(value instanceof Uint8Array && value.length === 32, subject);
}

/** @throws CloisterError `ERR_SESSION_DERIVATION` unless `value` is well-formed text of `low` to `high` bytes of UTF-8 */
export function checkText(value: unknown, subject: string, low: number, high: number): void {
  check(typeof value === 'string' && value.length <= high && value.isWellFormed(), subject);
  const size = utf8(value as string).length;
  check(size >= low && size <= high, subject);
}

/** @throws CloisterError `ERR_SESSION_DERIVATION` unless `value` is a scope */
export function checkScope(value: unknown): void {
  check(isCacheScope(value), 'scope');
}

/** @throws CloisterError `ERR_SESSION_DERIVATION` unless `value` is an integer from 0 to 2^32 - 1 */
export function checkEpoch(value: unknown): void {
  check(Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32, 'epoch');
}
