import { parseKeyConfig } from '@cloister/channel';
import type { KeyConfig, SymmetricSuite } from '@cloister/channel';
import { parseMessage } from '@cloister/channel/bhttp';
import { createHpkeReceiver, importHpkePrivateKey, KEM } from '@cloister/channel/hpke';
import type { HpkeContext } from '@cloister/channel/hpke';
import {
  importReceiverKey,
  openChunkedRequest,
  openChunkedResponse,
  openWholeRequest,
  openWholeResponse,
  sealChunkedRequest,
  sealChunkedResponse,
  sealWholeRequest,
  sealWholeResponse,
} from '@cloister/channel/ohttp';
import type { ReceiverKey, ResponseSecrets } from '@cloister/channel/ohttp';
import { concat, createErrors, fromHex, toHex } from '@cloister/core';

type Line = Readonly<Record<string, unknown>>;
type Kind = (line: Line) => Promise<object | string>;

const conformanceError = createErrors<'ERR_CONFORMANCE_MALFORMED_LINE' | 'ERR_CHANNEL_DECRYPT_FAILED'>({
  ERR_CONFORMANCE_MALFORMED_LINE: {
    message: 'The line is not a question of this area.',
    fix: 'Compare its members with the table of kinds.',
  },
  ERR_CHANNEL_DECRYPT_FAILED: {
    message: 'Sealed bytes did not open.',
    fix: 'Compare key, suite, info, aad and sequence with the vector.',
  },
});

const CHUNK_BYTES = 16_384;

/** What each kind answers; a refusal is thrown. */
const KINDS: ReadonlyMap<unknown, Kind> = new Map<unknown, Kind>([
  ['bhttp-decode', decodeBinaryHttp],
  ['hpke-open', openHpke],
  ['hpke-export', exportHpke],
  ['ohttp-open', openOhttp],
  ['chunked-open', openChunked],
  ['response-open', openResponse],
  ['chunked-response-open', openResponseChunks],
  ['xwing-decapsulate', decapsulateXwing],
  ['ohttp-seal', sealOhttp],
  ['chunked-seal', sealChunked],
  ['response-seal', sealResponse],
  ['chunked-response-seal', sealResponseChunks],
]);

/** Answers one question of area `channel`: `{id, ok, value}`; refusals are thrown as errors with a code. */
export async function answer(line: unknown): Promise<object> {
  const question = line as Line;
  const kind = KINDS.get(question['kind']);
  if (kind === undefined) throw conformanceError('ERR_CONFORMANCE_MALFORMED_LINE');
  const value = await kind(question);
  return { ...(question['id'] === undefined ? {} : { id: question['id'] }), ok: true, value };
}

async function decodeBinaryHttp(line: Line): Promise<object> {
  const { request, response, informational, content, trailers } = await parseMessage(hex(line['message']));
  const earlier = informational.length === 0 ? {} : { informational };
  return { ...request, ...response, ...earlier, body: toHex(content), trailers };
}

async function createContext(line: Line): Promise<HpkeContext> {
  const suite = { kem: integer(line['kem']), kdf: integer(line['kdf']), aead: integer(line['aead']) };
  const privateKey = await importHpkePrivateKey(suite.kem, hex(line['secretKey']));
  const sequence = line['sequence'] === undefined ? {} : { sequence: integer(line['sequence']) };
  return createHpkeReceiver(suite, privateKey, hex(line['enc']), hex(line['info'] ?? ''), sequence);
}

async function openHpke(line: Line): Promise<string> {
  const context = await createContext(line);
  const opened = await context.open(hex(line['aad'] ?? ''), hex(line['ciphertext']));
  if (opened === undefined) throw conformanceError('ERR_CHANNEL_DECRYPT_FAILED');
  return toHex(opened);
}

async function exportHpke(line: Line): Promise<string> {
  const context = await createContext(line);
  return toHex(context.exportSecret(hex(line['context'] ?? ''), integer(line['length'])));
}

async function openOhttp(line: Line): Promise<object> {
  return { message: toHex((await openWholeRequest([await receiverKey(line)], hex(line['encapsulated']))).message) };
}

async function openChunked(line: Line): Promise<object> {
  return chunksAndMessage((await openChunkedRequest([await receiverKey(line)], hex(line['encapsulated']))).chunks);
}

async function openResponse(line: Line): Promise<object> {
  return { message: toHex(await openWholeResponse(responseSecrets(line), hex(line['encapsulated']))) };
}

async function openResponseChunks(line: Line): Promise<object> {
  return chunksAndMessage(await openChunkedResponse(responseSecrets(line), hex(line['encapsulated'])));
}

async function decapsulateXwing(line: Line): Promise<string> {
  const privateKey = await importHpkePrivateKey(KEM.xwing, hex(line['seed']));
  return toHex(await privateKey.decapsulate(hex(line['ciphertext'])));
}

async function sealOhttp(line: Line): Promise<object> {
  const sealed = await sealWholeRequest(keyConfig(line), hex(line['message']), wantedSuite(line));
  return { encapsulated: toHex(sealed.encapsulated), enc: toHex(sealed.enc) };
}

async function sealChunked(line: Line): Promise<object> {
  const sealed = await sealChunkedRequest(keyConfig(line), chunks(line), wantedSuite(line));
  return { encapsulated: toHex(sealed.encapsulated), enc: toHex(sealed.enc) };
}

async function sealResponse(line: Line): Promise<object> {
  return { encapsulated: toHex(await sealWholeResponse(responseSecrets(line), hex(line['message']))) };
}

async function sealResponseChunks(line: Line): Promise<object> {
  return { encapsulated: toHex(await sealChunkedResponse(responseSecrets(line), chunks(line))) };
}

function chunksAndMessage(opened: readonly Uint8Array[]): object {
  return { chunks: opened.map(toHex), message: toHex(concat(...opened)) };
}

/** Chunks as given, the last being the final one, or a message cut into the largest chunks. */
function chunks(line: Line): readonly Uint8Array[] {
  const given = line['chunks'];
  if (Array.isArray(given)) return (given as readonly unknown[]).map(hex);
  const message = hex(line['message']);
  const count = Math.max(1, Math.ceil(message.length / CHUNK_BYTES));
  return Array.from({ length: count }, (_, index) => message.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES));
}

async function receiverKey(line: Line): Promise<ReceiverKey> {
  return importReceiverKey(keyConfig(line), hex(line['secretKey']));
}

/** One key configuration, or the first of a list with two-byte lengths (RFC 9458 section 3.2). */
function keyConfig(line: Line): KeyConfig {
  const bytes = hex(line['keyConfig']);
  const isList = bytes.length > 2 && ((bytes[0] as number) << 8) + (bytes[1] as number) === bytes.length - 2;
  return parseKeyConfig(isList ? bytes.subarray(2) : bytes);
}

function suite(line: Line): SymmetricSuite {
  const given = line['suite'];
  if (typeof given !== 'object' || given === null) throw conformanceError('ERR_CONFORMANCE_MALFORMED_LINE');
  const { kdf, aead } = given as Line;
  return { kdf: integer(kdf), aead: integer(aead) };
}

function wantedSuite(line: Line): { readonly suite?: SymmetricSuite } {
  return line['suite'] === undefined ? {} : { suite: suite(line) };
}

function responseSecrets(line: Line): ResponseSecrets {
  return { aead: suite(line).aead, enc: hex(line['enc']), secret: hex(line['exportedSecret']) };
}

/** A number, also as decimal text: the vectors have both. */
function integer(value: unknown): number {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (!Number.isSafeInteger(number) || (number as number) < 0) throw conformanceError('ERR_CONFORMANCE_MALFORMED_LINE');
  return number as number;
}

function hex(value: unknown): Uint8Array {
  if (typeof value !== 'string') throw conformanceError('ERR_CONFORMANCE_MALFORMED_LINE');
  try {
    return fromHex(value);
  } catch {
    throw conformanceError('ERR_CONFORMANCE_MALFORMED_LINE');
  }
}
