import { type JsonObject, type JsonValue, parseJson } from '@cloister/core';
import type { GpuCollateral } from '@cloister/evidence/nvidia';

const MAX_KEYS = 1024 * 1024;

/** The certificates of a JWK set (RFC 7517) by key id; keys without an id or a chain are of no use here. */
export function readTokenKeys(set: Uint8Array): NonNullable<GpuCollateral['keys']> {
  const { keys } = parseJson(set, { maxBytes: MAX_KEYS }) as JsonObject;
  const named = (Array.isArray(keys) ? (keys as readonly JsonValue[]) : []).flatMap((key) => {
    const { kid, x5c } = (key ?? {}) as Readonly<Record<string, JsonValue | undefined>>;
    const chain = Array.isArray(x5c) ? x5c.filter((text) => typeof text === 'string') : [];
    return typeof kid === 'string' && chain.length > 0 ? [[kid, chain] as const] : [];
  });
  return Object.fromEntries(named);
}
