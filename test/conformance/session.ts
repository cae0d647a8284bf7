import { fromHex, toHex } from '@cloister/core';
import { deriveCacheSalt, type CacheScope } from '@cloister/session';
import { createBlockHashes } from '@cloister/simulator/vllm';

const MOST_TOKENS = 1_000_000;
const MALFORMED = 'ERR_CONFORMANCE_MALFORMED_LINE';

/** Thrown for a line whose members are missing or of the wrong type. */
class MalformedLine extends Error {}

type Line = Readonly<Record<string, unknown>>;

function take<T>(line: Line, name: string, test: (value: unknown) => value is T): T {
  const value = line[name];
  if (test(value)) return value;
  throw new MalformedLine();
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.isWellFormed();
const isHex = (value: unknown): value is string => isText(value) && /^(?:[0-9a-fA-F]{2})*$/.test(value);
const isNumber = (value: unknown): value is number => typeof value === 'number';
const isScheme = (value: unknown): value is 'tagged' | 'untagged' => value === 'tagged' || value === 'untagged';
const isBlockSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;
const isOptionalText = (value: unknown): value is string | null | undefined => (value ?? '') === '' || isText(value);
const isTokenList = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length <= MOST_TOKENS && value.every((id) => Number.isSafeInteger(id) && id >= 0);
const isLora = (value: unknown): value is { name: string; path: string } | null | undefined =>
  (value ?? null) === null || (isText((value as Line)['name']) && isText((value as Line)['path']));

function blockHashes(line: Line): string[] {
  if (line['algo'] !== 'sha256_cbor') throw new MalformedLine();
  const salt = take(line, 'salt', isOptionalText);
  const lora = take(line, 'lora', isLora);
  const hashes = createBlockHashes(take(line, 'tokens', isTokenList), {
    blockSize: take(line, 'blockSize', isBlockSize),
    scheme: take(line, 'scheme', isScheme),
    seed: take(line, 'seed', isText),
    ...(salt ? { salt } : {}),
    ...(lora ? { lora } : {}),
  });
  return hashes.map(toHex);
}

function salt(line: Line): string {
  return deriveCacheSalt({
    key: fromHex(take(line, 'key', isHex)),
    identity: fromHex(take(line, 'identity', isHex)),
    model: take(line, 'model', isText),
    // deriveCacheSalt refuses what is not a scope.
    scope: take(line, 'scope', isText) as CacheScope,
    scopeId: take(line, 'scopeId', isText),
    epoch: take(line, 'epoch', isNumber),
  });
}

/**
 * One answer of the area `session`: `{id, ok, value}`. Kind `block-hashes` gives the hashes of the full blocks in hex, kind
 * `salt` a client's salt (`key` and `identity` in hex, `scopeId` is text).
 * @throws CloisterError `ERR_SESSION_DERIVATION` for arguments that are out of range
 */
export async function answer(line: unknown): Promise<object> {
  const { id, kind } = line as Line;
  try {
    if (kind === 'block-hashes') return { id, ok: true, value: blockHashes(line as Line) };
    if (kind === 'salt') return { id, ok: true, value: salt(line as Line) };
  } catch (error) {
    if (!(error instanceof MalformedLine)) throw error;
  }
  return { id, ok: false, code: MALFORMED };
}
