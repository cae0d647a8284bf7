import { createErrors } from '@cloister/core';
import type { CloisterError, ErrorOccurrence } from '@cloister/core';

/** Everything that can go wrong in the attested client. */
export type ClientErrorCode =
  | 'ERR_CLIENT_URL_INVALID'
  | 'ERR_CLIENT_EVIDENCE_UNREACHABLE'
  | 'ERR_CLIENT_EVIDENCE_REFUSED'
  | 'ERR_CLIENT_EVIDENCE_TOO_LARGE'
  | 'ERR_CLIENT_SIMULATED'
  | 'ERR_CLIENT_KEYSET_UNUSABLE'
  | 'ERR_CLIENT_IDENTITY_EXPIRED'
  | 'ERR_CLIENT_CLOSED'
  | 'ERR_CLIENT_FOREIGN_URL'
  | 'ERR_CLIENT_REQUEST_INVALID'
  | 'ERR_CLIENT_REQUEST_TOO_LARGE'
  | 'ERR_CLIENT_UNREACHABLE'
  | 'ERR_CLIENT_REFUSED'
  | 'ERR_CLIENT_KEYSET_UNKNOWN'
  | 'ERR_CLIENT_REDIRECTED'
  | 'ERR_CLIENT_PLAINTEXT_ANSWER'
  | 'ERR_CLIENT_TLS_KEY_WRONG'
  | 'ERR_CLIENT_RECEIPT_MISSING'
  | 'ERR_CLIENT_RECEIPT_WRONG'
  | 'ERR_CLIENT_RECEIPT_PENDING'
  | 'ERR_CLIENT_RECEIPT_UNKNOWN'
  | 'ERR_CLIENT_COLLATERAL_UNAVAILABLE'
  | 'ERR_CLIENT_COLLATERAL_REFUSED'
  | 'ERR_CLIENT_COLLATERAL_WRONG'
  | 'ERR_CLIENT_COLLATERAL_BUNDLE';

/** Makes an error of this package from its code (DESIGN 7). */
export const clientError: (code: ClientErrorCode, occurrence?: ErrorOccurrence) => CloisterError<ClientErrorCode> =
  createErrors<ClientErrorCode>({
    ERR_CLIENT_URL_INVALID: {
      message: "This is not an enclave's address.",
      fix: 'Pass scheme, host and port alone, for example https://inference.example.',
    },
    ERR_CLIENT_EVIDENCE_UNREACHABLE: {
      message: 'The enclave did not answer the request for evidence.',
      fix: 'Check the address and the network, then try again.',
      retryable: true,
    },
    ERR_CLIENT_EVIDENCE_REFUSED: {
      message: 'The answer to the request for evidence is not evidence.',
      fix: 'Check that the address is that of a gateway and that no proxy or login page answers for it.',
    },
    ERR_CLIENT_EVIDENCE_TOO_LARGE: {
      message: 'The evidence is larger than any genuine one.',
      fix: 'Check that the address is that of a gateway.',
    },
    ERR_CLIENT_SIMULATED: {
      message: 'The evidence comes from a simulated TEE.',
      fix: 'Talk to real hardware, or pass the test roots explicitly in development.',
    },
    ERR_CLIENT_KEYSET_UNUSABLE: {
      message: 'The attested keyset has no key that this client can seal to.',
      fix: 'Update the client or the gateway so that both know one of X-Wing, DHKEM(X25519) and DHKEM(P-256).',
    },
    ERR_CLIENT_IDENTITY_EXPIRED: {
      message: 'The verified identity has expired.',
      fix: 'Check the clocks of both machines and that the evidence is fresh.',
    },
    ERR_CLIENT_CLOSED: { message: 'The enclave was closed.', fix: 'Call attest() again.' },
    ERR_CLIENT_FOREIGN_URL: {
      message: 'The URL does not belong to the attested enclave, so nothing was sent.',
      fix: "Use enclave.baseURL as the library's base URL, and another fetch for other hosts.",
    },
    ERR_CLIENT_REQUEST_INVALID: {
      message: 'The request cannot be sealed.',
      fix: 'Use a plain method, headers and a body that can be read once; GET and HEAD have no body.',
    },
    ERR_CLIENT_REQUEST_TOO_LARGE: {
      message: "The request's body is too large.",
      fix: 'Send less, or raise maxRequestBytes in the options of attest().',
    },
    ERR_CLIENT_UNREACHABLE: {
      message: 'The enclave did not answer.',
      fix: 'Check the network and try again; the sealed request may or may not have arrived.',
      retryable: true,
    },
    ERR_CLIENT_REFUSED: {
      message: 'The enclave refused the request before it knew the caller.',
      fix: 'Check the API key, and that the clock of this machine is right to five minutes.',
    },
    ERR_CLIENT_KEYSET_UNKNOWN: {
      message: 'The enclave says that it does not hold the attested keyset, also after fresh evidence.',
      fix: 'Check that the balancer sends evidence and requests to the same gateway.',
      retryable: true,
    },
    ERR_CLIENT_REDIRECTED: {
      message: 'The enclave answered with a redirect, which is never followed.',
      fix: 'Attest the address that the redirect leads to, if you trust it.',
    },
    ERR_CLIENT_PLAINTEXT_ANSWER: {
      message: 'The answer is not sealed, so its content was dropped unread.',
      fix: 'Look for a proxy that answers in place of the gateway; the status is in detail.status.',
    },
    ERR_CLIENT_TLS_KEY_WRONG: {
      message: 'The TLS connection does not end at the attested key, so nothing was sent over it.',
      fix: 'Look for a proxy that ends TLS in front of the enclave; if it is yours, take the key out of the keyset.',
    },
    ERR_CLIENT_RECEIPT_MISSING: {
      message: 'The answer ended without a receipt.',
      fix: 'Do not use the answer; check the version of the gateway.',
    },
    ERR_CLIENT_RECEIPT_WRONG: {
      message: 'The receipt does not fit this exchange.',
      fix: 'Do not use the answer; keep the trace and check the gateway.',
    },
    ERR_CLIENT_RECEIPT_PENDING: {
      message: 'The receipt comes after the body, which has not been read to its end.',
      fix: 'Read the whole answer first.',
    },
    ERR_CLIENT_RECEIPT_UNKNOWN: {
      message: 'This response has no receipt here.',
      fix: 'Pass the very object that enclave.fetch returned, not a clone, and one without an error.',
    },
    ERR_CLIENT_COLLATERAL_UNAVAILABLE: {
      message: "A vendor's service did not answer, and nothing that may be used instead was kept.",
      fix: "Check the network and the service's state; a disk cache, whenDown: 'cached' or a bundle bridge an outage.",
      retryable: true,
    },
    ERR_CLIENT_COLLATERAL_REFUSED: {
      message: "A vendor's service refused the request, redirected it or answered with too much.",
      fix: 'Check the addresses in services, and that the service knows this platform.',
    },
    ERR_CLIENT_COLLATERAL_WRONG: {
      message: "A vendor's service answered with something that is not genuine, not current or not for this platform.",
      fix: 'Look for a proxy or a cache in between; the cause names the check that failed.',
    },
    ERR_CLIENT_COLLATERAL_BUNDLE: {
      message: 'This is not a bundle of collateral.',
      fix: 'Pass the bytes that exportBundle() returned.',
    },
  });
