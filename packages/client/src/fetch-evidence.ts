import { toBase64url } from '@cloister/core';
import { parseEvidenceBundle } from '@cloister/evidence';
import type { EvidenceBundle } from '@cloister/evidence';
import type { ResolvedOptions } from './attest-options.ts';
import { clientError } from './errors.ts';
import { readBounded } from './read-bounded.ts';

/** Where a gateway serves evidence (DESIGN 6.1). */
const EVIDENCE_PATH = '/.well-known/cloister/evidence';
/** Largest bundle in bytes: quote, collateral and eight GPUs fit several times. */
const MAX_EVIDENCE = 4 * 1024 * 1024;
/** ms until the whole bundle must be there. */
const EVIDENCE_TIMEOUT = 30_000;

/**
 * Fetches evidence for a nonce. The nonce is all that is sent.
 * @param nonce 32 bytes
 * @throws ERR_CLIENT_EVIDENCE_UNREACHABLE, ERR_CLIENT_EVIDENCE_REFUSED, ERR_CLIENT_EVIDENCE_TOO_LARGE, and of `evidence`
 *   what `parseEvidenceBundle` throws
 */
export async function fetchEvidence(
  options: ResolvedOptions,
  nonce: Uint8Array,
): Promise<{ readonly bundle: EvidenceBundle; readonly text: Uint8Array }> {
  const text = await receive(options, `${options.carrier}${EVIDENCE_PATH}?nonce=${toBase64url(nonce)}`);
  return { bundle: parseEvidenceBundle(text), text };
}

async function receive(options: ResolvedOptions, url: string): Promise<Uint8Array> {
  const signal = AbortSignal.timeout(EVIDENCE_TIMEOUT);
  const response = await ask(options, url, signal);
  const isJson = /^application\/json\b/i.test(response.headers.get('content-type') ?? '');
  if (response.status !== 200 || !isJson || response.body === null) {
    response.body?.cancel().catch(() => undefined);
    const busy = response.status === 503;
    throw clientError(busy ? 'ERR_CLIENT_EVIDENCE_UNREACHABLE' : 'ERR_CLIENT_EVIDENCE_REFUSED', {
      detail: { status: response.status },
    });
  }
  const tooLarge = clientError('ERR_CLIENT_EVIDENCE_TOO_LARGE', { detail: { most: MAX_EVIDENCE } });
  return readBounded(response.body, MAX_EVIDENCE, () => tooLarge).catch((error: unknown) => {
    throw error === tooLarge ? error : clientError('ERR_CLIENT_EVIDENCE_UNREACHABLE', { cause: error });
  });
}

async function ask(options: ResolvedOptions, url: string, signal: AbortSignal): Promise<Response> {
  try {
    return await options.fetch(url, { redirect: 'manual', credentials: 'omit', cache: 'no-store', signal });
  } catch (error) {
    throw clientError('ERR_CLIENT_EVIDENCE_UNREACHABLE', { cause: error });
  }
}
