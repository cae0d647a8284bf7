import { concat } from '@cloister/core';
import { channelError } from '../errors.ts';
import { labeledExpand, labeledExtract } from './labeled.ts';
import type { SequenceCipher } from './sequence-cipher.ts';
import { createSequenceCipher } from './sequence-cipher.ts';
import type { HpkeSuite } from './suite.ts';
import { AEAD, aeadSizes, hpkeSuiteId, requireSupported } from './suite.ts';

const EMPTY = new Uint8Array(0);
const MODE_BASE = Uint8Array.of(0);
const MAX_EXPORT_BYTES = 255 * 32;

/** One end of an HPKE context in base mode (RFC 9180 section 5). A sender only seals, a receiver only opens. */
export interface HpkeContext extends SequenceCipher {
  readonly suite: HpkeSuite;
  /** The encapsulated key that belongs to this context. */
  readonly enc: Uint8Array;
  /**
   * Export (RFC 9180 section 5.3): `length` bytes, at most 8160, the same at both ends.
   * @throws ERR_CHANNEL_INVALID_ARGUMENT for another length
   */
  exportSecret(context: Uint8Array, length: number): Uint8Array;
}

/** Options of both set-ups. */
export interface HpkeContextOptions {
  /** Number of the first message; 0 unless given. */
  readonly sequence?: number;
}

const exportOnly: SequenceCipher = {
  seal: () => Promise.reject(channelError('ERR_CHANNEL_EXPORT_ONLY')),
  open: () => Promise.reject(channelError('ERR_CHANNEL_EXPORT_ONLY')),
};

interface SuiteConstants {
  readonly id: Uint8Array;
  readonly pskIdHash: Uint8Array;
}

const constants = new Map<string, SuiteConstants>();

/** What depends on the suite alone; there are few suites, so it is kept. */
function suiteConstants(suite: HpkeSuite): SuiteConstants {
  const name = `${suite.kem}/${suite.aead}`;
  const known = constants.get(name);
  if (known !== undefined) return known;
  const id = hpkeSuiteId(suite);
  const made = { id, pskIdHash: labeledExtract(id, EMPTY, 'psk_id_hash', EMPTY) };
  constants.set(name, made);
  return made;
}

/**
 * KeySchedule of base mode (RFC 9180 section 5.1).
 * @throws ERR_CHANNEL_KDF_UNSUPPORTED, ERR_CHANNEL_AEAD_UNSUPPORTED
 */
export async function createHpkeContext(
  suite: HpkeSuite,
  secrets: { readonly sharedSecret: Uint8Array; readonly enc: Uint8Array },
  info: Uint8Array,
  options: HpkeContextOptions = {},
): Promise<HpkeContext> {
  requireSupported(suite);
  const { id, pskIdHash } = suiteConstants(suite);
  const context = concat(MODE_BASE, pskIdHash, labeledExtract(id, EMPTY, 'info_hash', info));
  const secret = labeledExtract(id, secrets.sharedSecret, 'secret', EMPTY);
  const exporter = labeledExpand(id, secret, 'exp', context, 32);
  const cipher = await createCipher(suite, id, secret, context, options.sequence);
  return { suite, enc: secrets.enc, exportSecret: createExporter(id, exporter), ...cipher };
}

async function createCipher(
  suite: HpkeSuite,
  id: Uint8Array,
  secret: Uint8Array,
  context: Uint8Array,
  sequence?: number,
): Promise<SequenceCipher> {
  if (suite.aead === AEAD.exportOnly) return exportOnly;
  const sizes = aeadSizes(suite.aead);
  const key = labeledExpand(id, secret, 'key', context, sizes.key);
  const baseNonce = labeledExpand(id, secret, 'base_nonce', context, sizes.nonce);
  return createSequenceCipher(suite.aead, key, baseNonce, sequence);
}

function createExporter(id: Uint8Array, exporter: Uint8Array): HpkeContext['exportSecret'] {
  return (context, length) => {
    if (!Number.isSafeInteger(length) || length < 1 || length > MAX_EXPORT_BYTES) {
      throw channelError('ERR_CHANNEL_INVALID_ARGUMENT', { subject: 'length' });
    }
    return labeledExpand(id, exporter, 'sec', context, length);
  };
}
