import { bigEndian, concat, utf8 } from '@cloister/core';
import { channelError } from '../errors.ts';
import type { HpkeContext } from '../hpke/context.ts';
import { createHpkeReceiver } from '../hpke/create-hpke-receiver.ts';
import { createHpkeSender } from '../hpke/create-hpke-sender.ts';
import { kemSizes } from '../hpke/kem.ts';
import type { HpkeSuite } from '../hpke/suite.ts';
import { aeadSizes, KDF_HKDF_SHA256, PREFERRED_AEADS } from '../hpke/suite.ts';
import type { ByteReader } from '../stream/byte-reader.ts';
import { resolveReceiverKey } from './receiver-keys.ts';
import type { Form, KeyConfig, ReceiverKey, ResponseSecrets, SymmetricSuite } from './types.ts';

/** A request's context at the sender, with the header that goes before the sealed bytes. */
export interface SenderContext {
  readonly context: HpkeContext;
  /** Key id, suite and encapsulated key (RFC 9458 section 4.1). */
  readonly header: Uint8Array;
}

/** A request's context at the receiver. */
export interface ReceiverContext {
  readonly context: HpkeContext;
  readonly keyId: number;
}

const isOffered = (offered: readonly SymmetricSuite[], { kdf, aead }: SymmetricSuite): boolean =>
  offered.some((suite) => suite.kdf === kdf && suite.aead === aead);

function chooseSuite(config: KeyConfig, wanted: SymmetricSuite | undefined): SymmetricSuite {
  if (wanted !== undefined) {
    if (!isOffered(config.suites, wanted)) throw channelError('ERR_CHANNEL_SUITE_REFUSED');
    return wanted;
  }
  const usable = PREFERRED_AEADS.map((aead) => ({ kdf: KDF_HKDF_SHA256, aead }));
  const chosen = usable.find((suite) => isOffered(config.suites, suite));
  if (chosen === undefined) throw channelError('ERR_CHANNEL_AEAD_UNSUPPORTED');
  return chosen;
}

function encodeHeader(keyId: number, suite: HpkeSuite): Uint8Array {
  return concat(Uint8Array.of(keyId), bigEndian(suite.kem, 2), bigEndian(suite.kdf, 2), bigEndian(suite.aead, 2));
}

/** HPKE info of a request (RFC 9458 section 4.3): the form's name, a zero byte, the header. */
export function requestInfo(form: Form, header: Uint8Array): Uint8Array {
  return concat(utf8(form.request), Uint8Array.of(0), header);
}

/**
 * Starts a request to the holder of `config` (RFC 9458 section 4.3).
 * @throws ERR_CHANNEL_SUITE_REFUSED, ERR_CHANNEL_INVALID_KEY and the three ERR_CHANNEL_*_UNSUPPORTED
 */
export async function createSenderContext(
  form: Form,
  config: KeyConfig,
  wanted?: SymmetricSuite,
): Promise<SenderContext> {
  const suite = { kem: config.kem, ...chooseSuite(config, wanted) };
  const header = encodeHeader(config.keyId, suite);
  const context = await createHpkeSender(suite, config.publicKey, requestInfo(form, header));
  return { context, header: concat(header, context.enc) };
}

/**
 * Reads a request's header and finds its key (RFC 9458 section 4.3).
 * @throws ERR_CHANNEL_TRUNCATED, ERR_CHANNEL_KEY_UNKNOWN, ERR_CHANNEL_SUITE_REFUSED, ERR_CHANNEL_INVALID_KEY
 */
export async function createReceiverContext(
  form: Form,
  keys: readonly ReceiverKey[],
  reader: ByteReader,
): Promise<ReceiverContext> {
  const header = await reader.take(7);
  const words = new DataView(header.buffer, header.byteOffset, header.length);
  const suite = { kem: words.getUint16(1), kdf: words.getUint16(3), aead: words.getUint16(5) };
  const keyId = words.getUint8(0);
  const found = keys.map(resolveReceiverKey).find(({ config }) => config.keyId === keyId && config.kem === suite.kem);
  if (found?.privateKey === undefined) throw channelError('ERR_CHANNEL_KEY_UNKNOWN');
  if (!isOffered(found.config.suites, suite)) throw channelError('ERR_CHANNEL_SUITE_REFUSED');
  const enc = (await reader.take(kemSizes(suite.kem).enc)).slice();
  return { context: await createHpkeReceiver(suite, found.privateKey, enc, requestInfo(form, header)), keyId };
}

/** Exports what the response is sealed with (RFC 9458 section 4.4). */
export function exportResponseSecrets(form: Form, context: HpkeContext): ResponseSecrets {
  const { aead } = context.suite;
  const { key, nonce } = aeadSizes(aead);
  return { aead, enc: context.enc, secret: context.exportSecret(utf8(form.response), Math.max(key, nonce)) };
}
