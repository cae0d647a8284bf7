import { createErrors, type CloisterError, type ErrorOccurrence } from '@cloister/core';

/** What the chain can refuse or fail with. */
export type RuntimeErrorCode =
  | 'ERR_RUNTIME_POLICY_INVALID'
  | 'ERR_RUNTIME_ENCLAVE_POLICY'
  | 'ERR_RUNTIME_ENCLAVE_EXPIRED'
  | 'ERR_RUNTIME_SESSION_FOREIGN'
  | 'ERR_RUNTIME_MODE_NOT_ALLOWED'
  | 'ERR_RUNTIME_INFERENCE_REFUSED'
  | 'ERR_RUNTIME_ANSWER_MALFORMED'
  | 'ERR_RUNTIME_ANSWER_CUT'
  | 'ERR_RUNTIME_ANSWER_ABANDONED'
  | 'ERR_RUNTIME_AUDIT_UNAVAILABLE'
  | 'ERR_RUNTIME_NOT_REMEMBERED'
  | 'ERR_RUNTIME_PROOF_UNAVAILABLE';

/** Makes an error of this package. */
export const runtimeError: (code: RuntimeErrorCode, occurrence?: ErrorOccurrence) => CloisterError<RuntimeErrorCode> =
  createErrors<RuntimeErrorCode>({
    ERR_RUNTIME_POLICY_INVALID: {
      message: 'The runtime policy is not valid.',
      fix: 'Compare the named member with the policy table in the README of @cloister/runtime.',
    },
    ERR_RUNTIME_ENCLAVE_POLICY: {
      message: 'The enclave was verified under another evidence policy than the one of this runtime.',
      fix: 'Pass the same evidence policy to attest() and to createRuntime().',
    },
    ERR_RUNTIME_ENCLAVE_EXPIRED: {
      message: 'The verified identity of the enclave has expired.',
      fix: 'Attest again; check the clock of this machine if it happens at once.',
      retryable: true,
    },
    ERR_RUNTIME_SESSION_FOREIGN: {
      message: 'The session does not belong to this tenant handle.',
      fix: 'Use the session with the tenant that opened it.',
    },
    ERR_RUNTIME_MODE_NOT_ALLOWED: {
      message: 'Documents of a class can be kept in none of the search modes that the policy allows for it.',
      fix: 'Allow the class named by the subject another search mode, or give the runtime the ledger, bases or store that it needs.',
    },
    ERR_RUNTIME_INFERENCE_REFUSED: {
      message: 'The inference server refused the request.',
      fix: 'Look at the status; 401 means the API key, 429 the limits, 400 the model name or the prompt length.',
    },
    ERR_RUNTIME_ANSWER_MALFORMED: {
      message: 'The answer is not the event stream that an OpenAI-compatible server sends.',
      fix: 'Check which server runs behind the gateway and its version.',
    },
    ERR_RUNTIME_ANSWER_CUT: {
      message: 'The answer ended before it was complete.',
      fix: 'Ask again; do not use the part that arrived.',
      retryable: true,
    },
    ERR_RUNTIME_ANSWER_ABANDONED: {
      message: 'The answer was not read to its end, so there is no result.',
      fix: 'Read textStream to its end, or call result() without reading it.',
    },
    ERR_RUNTIME_NOT_REMEMBERED: {
      message: 'The session has no memory, or the policy lets nothing of this class be remembered.',
      fix: 'Give the runtime a memory and the class memorySeconds, or keep the note elsewhere under rules of your own.',
    },
    ERR_RUNTIME_PROOF_UNAVAILABLE: {
      message: 'The audit sink makes no proofs.',
      fix: 'Use auditLog() of @cloister/audit/node, or ask the log that the sink writes to.',
    },
    ERR_RUNTIME_AUDIT_UNAVAILABLE: {
      message: 'The audit log did not take the event, so nothing was sent.',
      fix: 'Look at the cause: a full disk, a lock or a damaged log; the chain fails closed.',
      retryable: true,
    },
  });
