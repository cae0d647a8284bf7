import { concat, findCloisterError, parseJson } from '@cloister/core';
import type { Clock } from '@cloister/core';
import { createLocalJWKSet, errors } from 'jose';
import type { JSONWebKeySet, JWTVerifyGetKey } from 'jose';
import { tenancyError } from '../errors.ts';

/** How an issuer's keys are fetched. */
export interface KeySetSource {
  readonly url: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /** Milliseconds between two fetches at least, also after a failed one: a stranger's key ids cause no traffic. */
  readonly cooldown: number;
  /** Milliseconds for which a fetched set is believed. */
  readonly maxAge: number;
}

/** The largest key set that is read, in bytes. */
const MAX_BYTES = 65_536;
const TIMEOUT = 5000;

/**
 * Finds the key of a token in the issuer's JWK Set (RFC 7517), which is fetched when first needed, when too old, and when
 * a token names a key that it lacks; never more often than the cool-down allows, and once for all who wait.
 * @returns a function that throws jose's errors, or CloisterError `ERR_TENANCY_KEY_SET`
 */
export function createKeySet(source: KeySetSource): JWTVerifyGetKey {
  const { clock, cooldown, maxAge } = source;
  let held: { readonly find: JWTVerifyGetKey; readonly fetched: number } | undefined;
  let loading: Promise<JWTVerifyGetKey> | undefined;
  let tried = Number.NEGATIVE_INFINITY;

  function load(): Promise<JWTVerifyGetKey> | undefined {
    if (loading !== undefined) return loading;
    if (clock.now() - tried < cooldown) return undefined;
    tried = clock.now();
    loading = fetchKeySet(source)
      .then((find) => (held = { find, fetched: clock.now() }).find)
      .finally(() => (loading = undefined));
    return loading;
  }

  return async (header, token) => {
    const fresh = held !== undefined && clock.now() - held.fetched < maxAge ? held.find : undefined;
    const find = fresh ?? (await load());
    if (find === undefined) throw tenancyError('ERR_TENANCY_KEY_SET');
    try {
      return await find(header, token);
    } catch (error) {
      const newer = error instanceof errors.JWKSNoMatchingKey && fresh !== undefined ? await load() : undefined;
      if (newer === undefined) throw error;
      return newer(header, token);
    }
  };
}

async function fetchKeySet({ url, fetch: send }: KeySetSource): Promise<JWTVerifyGetKey> {
  try {
    const response = await send(url, {
      headers: { accept: 'application/jwk-set+json, application/json' },
      redirect: 'error',
      credentials: 'omit',
      signal: AbortSignal.timeout(TIMEOUT),
    });
    if (response.status !== 200) throw tenancyError('ERR_TENANCY_KEY_SET', { detail: { status: response.status } });
    // jose checks the set's form here, and a key when one is used.
    return createLocalJWKSet(parseJson(await readBounded(response), { maxDepth: 4 }) as unknown as JSONWebKeySet);
  } catch (error) {
    const ours = findCloisterError(error);
    throw ours?.code === 'ERR_TENANCY_KEY_SET' ? ours : tenancyError('ERR_TENANCY_KEY_SET', { cause: ours });
  }
}

async function readBounded(response: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += (part as Uint8Array).length;
    if (length > MAX_BYTES) throw tenancyError('ERR_TENANCY_KEY_SET', { detail: { limit: MAX_BYTES } });
    parts.push(part as Uint8Array);
  }
  return concat(...parts);
}
