import { fromBase64url, type JsonObject, type JsonValue, parseJson, utf8 } from '@cloister/core';
import { nvidiaError } from '../errors.ts';

/** One signed token, parsed and not yet verified. */
export interface NrasToken {
  /** The compact form, as it came. */
  readonly compact: string;
  /** Names the key. */
  readonly keyId: string | undefined;
  /** Certificates of the key, base64 of DER, where the token brings them along. */
  readonly x5c: readonly string[] | undefined;
  readonly claims: JsonObject;
  /** ASCII of header and payload. */
  readonly signed: Uint8Array;
  /** r || s, 96 bytes. */
  readonly signature: Uint8Array;
}

/** An answer of the remote attestation service: a detached EAT bundle (RFC 9711 section 5). */
export interface NrasAnswer {
  readonly overall: NrasToken;
  /** The tokens of the devices by their names, for example `GPU-0`. */
  readonly devices: ReadonlyMap<string, NrasToken>;
}

const MAX_ANSWER = 512 * 1024;
const MAX_DEVICES = 16;
const LIMITS = { maxBytes: MAX_ANSWER, maxDepth: 12 };
const SIGNATURE_LENGTH = 96;
const PART = '([A-Za-z0-9_-]+)';
const COMPACT = new RegExp(`^${PART}\\.${PART}\\.${PART}$`);

function malformed(): Error {
  return nvidiaError('ERR_EVIDENCE_NRAS_MALFORMED');
}

/** Whether a JSON value is an object. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseObject(part: string): JsonObject {
  const value = parseJson(fromBase64url(part), LIMITS);
  if (!isObject(value)) throw malformed();
  return value;
}

function readChain(value: JsonValue | undefined): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) throw malformed();
  return value;
}

/** A compact JWS (RFC 7515 section 7.1) that says ES384 and asks for no extension. */
function parseToken(compact: JsonValue | undefined): NrasToken {
  const [, head, payload, tail] = COMPACT.exec(typeof compact === 'string' ? compact : '') ?? [];
  if (head === undefined || payload === undefined || tail === undefined) throw malformed();
  const header = parseObject(head);
  const keyId = header['kid'];
  const isPlain = header['alg'] === 'ES384' && header['crit'] === undefined && header['b64'] === undefined;
  if (!isPlain || (keyId !== undefined && typeof keyId !== 'string')) throw malformed();
  const signature = fromBase64url(tail);
  if (signature.length !== SIGNATURE_LENGTH) throw malformed();
  const claims = parseObject(payload);
  return {
    compact: `${head}.${payload}.${tail}`,
    keyId,
    x5c: readChain(header['x5c']),
    claims,
    signed: utf8(`${head}.${payload}`),
    signature,
  };
}

function parse(text: string): NrasAnswer {
  const value = parseJson(text, LIMITS);
  if (!Array.isArray(value) || value.length !== 2) throw malformed();
  const [first, second] = value as readonly JsonValue[];
  if (!Array.isArray(first) || first.length !== 2 || first[0] !== 'JWT' || !isObject(second)) throw malformed();
  const names = Object.keys(second);
  if (names.length === 0 || names.length > MAX_DEVICES) throw malformed();
  return {
    overall: parseToken(first[1] as JsonValue),
    devices: new Map(names.map((name) => [name, parseToken(second[name])])),
  };
}

/**
 * Parses an answer of NVIDIA's remote attestation service, strictly: one overall token and 1 to 16 of devices, at most
 * 512 KiB, JSON without duplicate names. Nothing in it is trusted before its signatures are.
 * @throws CloisterError ERR_EVIDENCE_NRAS_MALFORMED
 */
export function parseNrasAnswer(text: string): NrasAnswer {
  try {
    return parse(text);
  } catch {
    throw malformed();
  }
}
