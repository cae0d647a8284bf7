import { fromBase64, fromBase64url, fromHex, type JsonObject, type JsonValue, parseJson } from '@cloister/core';
import { cliError } from '../errors.ts';

/** What a file turned out to be, by its form alone; nothing in it has been judged. */
export type Recognised =
  | { readonly kind: 'tdx'; readonly bytes: Uint8Array }
  | { readonly kind: 'sev-snp'; readonly bytes: Uint8Array }
  | { readonly kind: 'azure-hcl'; readonly bytes: Uint8Array }
  | { readonly kind: 'nvidia-spdm'; readonly bytes: Uint8Array }
  | { readonly kind: 'nvidia-evidence'; readonly devices: readonly GpuDevice[] }
  | { readonly kind: 'nvidia-nras'; readonly text: string }
  | { readonly kind: 'bundle'; readonly bytes: Uint8Array };

/** A GPU as NVIDIA's tools write it. */
export interface GpuDevice {
  readonly report: Uint8Array;
  /** PEM. */
  readonly certChain: Uint8Array;
}

const SNP_REPORT_LENGTH = 1184;
const HCL_MAGIC = 0x414c_4348;
const SPDM_GET_MEASUREMENTS = [0x11, 0xe0];

/**
 * Recognises evidence by its form: binary, hex or base64 text, or JSON as gateways, guest services and NVIDIA's tools
 * write it.
 * @throws ERR_CLI_EVIDENCE_UNRECOGNISED
 */
export function recogniseEvidence(bytes: Uint8Array): Recognised {
  const text = asText(bytes);
  if (text === undefined) return recogniseBinary(bytes);
  if (/^[[{]/.test(text)) return recogniseJson(bytes);
  return recogniseBinary(decodeText(text));
}

function asText(bytes: Uint8Array): string | undefined {
  const isPrintable = bytes.every(
    (byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 9,
  );
  return isPrintable && bytes.length > 0 ? Buffer.from(bytes).toString('latin1').trim() : undefined;
}

function decodeText(text: string): Uint8Array {
  const joined = text.replaceAll(/[\r\n]/g, '');
  const isHex = /^(?:0x)?(?:[0-9a-fA-F]{2})+$/.test(joined);
  try {
    if (isHex) return fromHex(joined.replace(/^0x/, '').toLowerCase());
    return /[-_]/.test(joined) ? fromBase64url(joined) : fromBase64(joined);
  } catch {
    throw cliError('ERR_CLI_EVIDENCE_UNRECOGNISED');
  }
}

function recogniseBinary(bytes: Uint8Array): Recognised {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 8) throw cliError('ERR_CLI_EVIDENCE_UNRECOGNISED');
  const first = view.getUint32(0, true);
  if (first === HCL_MAGIC) return { kind: 'azure-hcl', bytes };
  if (SPDM_GET_MEASUREMENTS.every((byte, index) => bytes[index] === byte)) return { kind: 'nvidia-spdm', bytes };
  // A report of AMD starts with a 32-bit version; quotes of Intel with 16 bits of version and 16 of key type.
  if (first >= 1 && first <= 0xff && bytes.length >= SNP_REPORT_LENGTH) return { kind: 'sev-snp', bytes };
  const version = view.getUint16(0, true);
  if (version >= 3 && version <= 0xff) return { kind: 'tdx', bytes };
  throw cliError('ERR_CLI_EVIDENCE_UNRECOGNISED');
}

function recogniseJson(bytes: Uint8Array): Recognised {
  const value = parse(bytes);
  if (Array.isArray(value)) return recogniseList(value as readonly JsonValue[], bytes);
  const members = value as JsonObject;
  if ('keyset' in members && 'cpu' in members) return { kind: 'bundle', bytes };
  if (typeof members['quote'] === 'string') return recogniseBinary(decodeText(members['quote']));
  const { nvidia, device_evidence_list: list = (nvidia as JsonObject | undefined)?.['device_evidence_list'] } = members;
  if (Array.isArray(list)) return readDevices(list as readonly JsonValue[]);
  throw cliError('ERR_CLI_EVIDENCE_UNRECOGNISED');
}

/** NVIDIA's tools write a list of devices; its remote service a pair of a token and the devices' tokens. */
function recogniseList(value: readonly JsonValue[], bytes: Uint8Array): Recognised {
  const [first] = value;
  if (Array.isArray(first) && first[0] === 'JWT') return { kind: 'nvidia-nras', text: Buffer.from(bytes).toString() };
  return readDevices(value);
}

function readDevices(list: readonly JsonValue[]): Recognised {
  const devices = list.map((device) => {
    const { evidence, certificate } = (device ?? {}) as JsonObject;
    if (typeof evidence !== 'string' || typeof certificate !== 'string') {
      throw cliError('ERR_CLI_EVIDENCE_UNRECOGNISED');
    }
    return { report: decodeText(evidence), certChain: decodeText(certificate) };
  });
  if (devices.length === 0) throw cliError('ERR_CLI_EVIDENCE_UNRECOGNISED');
  return { kind: 'nvidia-evidence', devices };
}

function parse(bytes: Uint8Array): JsonValue {
  try {
    return parseJson(bytes);
  } catch {
    throw cliError('ERR_CLI_EVIDENCE_UNRECOGNISED');
  }
}
