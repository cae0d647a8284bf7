import { channelError } from './errors.ts';

/** Largest plaintext of one chunk, in bytes: what draft-ietf-ohai-chunked-ohttp-08 obliges a receiver to accept. */
export const MAX_CHUNK_BYTES = 16_384;

/** Chunks of one message under one key: far below what the nonce of 96 bits allows. */
export const MAX_CHUNKS: number = 2 ** 32;

/** What a receiver of Binary HTTP accepts; every member is in bytes. */
export interface ChannelLimits {
  /** Control data and header section, and informational responses with them. Default 32 KiB (DESIGN 6.2). */
  readonly headBytes: number;
  /** Content. Default 256 MiB: content is streamed, so this bounds work rather than memory. */
  readonly contentBytes: number;
  /** Trailer section. Default 32 KiB. */
  readonly trailerBytes: number;
  /** Zero bytes after the message. Default 1 MiB. */
  readonly paddingBytes: number;
}

const DEFAULTS: ChannelLimits = {
  headBytes: 32_768,
  contentBytes: 256 * 1024 * 1024,
  trailerBytes: 32_768,
  paddingBytes: 1_048_576,
};

/**
 * The given limits over the defaults.
 * @throws ERR_CHANNEL_INVALID_ARGUMENT unless all are non-negative safe integers
 */
export function resolveLimits(limits: Partial<ChannelLimits> = {}): ChannelLimits {
  const resolved = { ...DEFAULTS, ...limits };
  for (const limit of Object.values(resolved)) {
    if (!Number.isSafeInteger(limit) || limit < 0)
      throw channelError('ERR_CHANNEL_INVALID_ARGUMENT', { subject: 'limits' });
  }
  return resolved;
}
