import { toBase64url } from '@cloister/core';
import type { EnclaveIdentity, Verified } from '@cloister/evidence';
import type { AnswerReceipt } from './answer-receipt.ts';
import { resolveOptions } from './attest-options.ts';
import type { AttestOptions, ResolvedOptions } from './attest-options.ts';
import { createAttestor } from './attestor.ts';
import type { Attested, Attestor, EvidenceRecord } from './attestor.ts';
import { createReceiptBook } from './receipt-book.ts';
import { createSealedFetch } from './sealed-fetch.ts';

/** A verified enclave and the way to talk to it. */
export interface Enclave extends AsyncDisposable {
  /** Base URL for OpenAI's clients. */
  readonly baseURL: string;
  /** Seals every request under the enclave's origin, and refuses every other. */
  readonly fetch: typeof globalThis.fetch;
  /** The identity last verified; it is renewed before a request when it has expired. */
  readonly identity: Verified<EnclaveIdentity>;
  /** What that identity was verified from, for an auditor. Public: nothing in it is secret. */
  readonly evidence: EvidenceRecord;
  /**
   * The verified receipt of an answer that was read to its end.
   * @param response the very object that `fetch` returned
   * @throws ERR_CLIENT_RECEIPT_PENDING, ERR_CLIENT_RECEIPT_UNKNOWN
   */
  receipt(response: Response): Promise<AnswerReceipt>;
  /** Ends the use of this enclave; later requests are refused. May be called twice. */
  close(): Promise<void>;
}

/**
 * Verifies the enclave behind an address (DESIGN 6.1). Until the verdict nothing leaves but a random nonce.
 * @param url scheme, host and port
 * @throws ERR_CLIENT_* of this package, and every ERR_EVIDENCE_* of a failed check, with the list of all checks
 */
export async function attest(url: string, options: AttestOptions): Promise<Enclave> {
  const resolved = resolveOptions(url, options);
  const attestor = createAttestor(resolved);
  return createEnclave(resolved, attestor, await attestor.current());
}

function createEnclave(options: ResolvedOptions, attestor: Attestor, first: Attested): Enclave {
  const book = createReceiptBook();
  let closed = false;
  const close = async (): Promise<void> => {
    closed = true;
  };
  // A salt of its own makes an enclave object one cache session, also for callers that know nothing of salts.
  const cacheSalt = `cs1.${toBase64url(options.random(32))}`;
  return {
    baseURL: `${options.origin}/v1`,
    fetch: createSealedFetch({ options, attestor, book, cacheSalt, isClosed: () => closed }),
    get identity() {
      return (attestor.latest ?? first).identity;
    },
    get evidence() {
      return (attestor.latest ?? first).evidence;
    },
    receipt: async (response) => book.receiptOf(response),
    close,
    [Symbol.asyncDispose]: close,
  };
}
