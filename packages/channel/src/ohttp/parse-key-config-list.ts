import { isCloisterError } from '@cloister/core';
import { channelError } from '../errors.ts';
import { parseKeyConfig } from './parse-key-config.ts';
import type { KeyConfig } from './types.ts';

const MAX_LIST_BYTES = 65_536;

/**
 * The configurations of an `application/ohttp-keys` document (RFC 9458 section 3.2), at most 64 KiB. Those of unknown
 * KEMs are left out, as the standard asks.
 * @throws ERR_CHANNEL_MALFORMED_CONFIG
 */
export function parseKeyConfigList(bytes: Uint8Array): readonly KeyConfig[] {
  if (bytes.length > MAX_LIST_BYTES) throw channelError('ERR_CHANNEL_MALFORMED_CONFIG');
  const configs: KeyConfig[] = [];
  for (let offset = 0; offset < bytes.length;) {
    const start = offset + 2;
    offset = start + ((bytes[offset] ?? 0) << 8) + (bytes[offset + 1] ?? 0);
    if (start > bytes.length || offset > bytes.length) throw channelError('ERR_CHANNEL_MALFORMED_CONFIG');
    const config = parseKnown(bytes.subarray(start, offset));
    if (config !== undefined) configs.push(config);
  }
  return configs;
}

function parseKnown(bytes: Uint8Array): KeyConfig | undefined {
  try {
    return parseKeyConfig(bytes);
  } catch (error) {
    if (isCloisterError(error) && error.code === 'ERR_CHANNEL_KEM_UNSUPPORTED') return undefined;
    throw error;
  }
}
