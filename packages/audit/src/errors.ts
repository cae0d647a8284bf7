import { createErrors } from '@cloister/core';
import type { CloisterError, ErrorOccurrence } from '@cloister/core';

/** What `audit` refuses or reports. */
export type AuditErrorCode =
  | 'ERR_AUDIT_EVENT'
  | 'ERR_AUDIT_LABEL'
  | 'ERR_AUDIT_KEY'
  | 'ERR_AUDIT_NOTE'
  | 'ERR_AUDIT_NOTE_SIGNATURE'
  | 'ERR_AUDIT_CHECKPOINT'
  | 'ERR_AUDIT_PROOF'
  | 'ERR_AUDIT_RECEIPT'
  | 'ERR_AUDIT_RECEIPT_SIGNATURE'
  | 'ERR_AUDIT_RECEIPT_COMMITMENT'
  | 'ERR_AUDIT_UNAVAILABLE'
  | 'ERR_AUDIT_BUSY'
  | 'ERR_AUDIT_LOCKED'
  | 'ERR_AUDIT_CORRUPT'
  | 'ERR_AUDIT_ROLLBACK'
  | 'ERR_AUDIT_WITNESS'
  | 'ERR_AUDIT_ATTESTATION'
  | 'ERR_AUDIT_CLOSED';

/** Makes an error of this package; the texts never quote an event, a note or a receipt. */
export const auditError: (code: AuditErrorCode, occurrence?: ErrorOccurrence) => CloisterError<AuditErrorCode> =
  createErrors<AuditErrorCode>({
    ERR_AUDIT_EVENT: {
      message: 'The event is not one of the closed set of audit events.',
      fix: 'Build it with createAuditEvent and pass only the listed members; texts, errors and objects have no place in it.',
    },
    ERR_AUDIT_LABEL: {
      message: 'A name is not registered or not a valid label.',
      fix: 'Register the configured model, collection and redaction names with sink.register() at start-up.',
    },
    ERR_AUDIT_KEY: {
      message: 'A key is not a valid Ed25519 key or verifier key.',
      fix: 'Pass 32 raw bytes, or the verifier key as one line: name+hash+base64.',
    },
    ERR_AUDIT_NOTE: {
      message: 'The text is not a signed note.',
      fix: 'Fetch it again unchanged: text, blank line, signature lines, as C2SP signed-note describes.',
    },
    ERR_AUDIT_NOTE_SIGNATURE: {
      message: 'The note carries no valid signature of the expected key.',
      fix: 'Check that the verifier key belongs to this log; if it does, the note was altered.',
    },
    ERR_AUDIT_CHECKPOINT: {
      message: 'The signed note is not a checkpoint of this log.',
      fix: 'Compare the origin with the one you expect; the body must be origin, size and root.',
    },
    ERR_AUDIT_PROOF: {
      message: 'The Merkle proof does not lead to the given root.',
      fix: 'Ask for a proof against the checkpoint you hold; if it still fails, the log was rewritten.',
    },
    ERR_AUDIT_RECEIPT: {
      message: 'The text is not a receipt.',
      fix: 'Pass the value of the cloister-receipt trailer unchanged.',
    },
    ERR_AUDIT_RECEIPT_SIGNATURE: {
      message: 'The receipt was not signed by the attested receipt key.',
      fix: 'Verify against the receipt key of the keyset that this exchange was sealed to.',
    },
    ERR_AUDIT_RECEIPT_COMMITMENT: {
      message: 'The receipt is about another exchange.',
      fix: 'Use k, enc and the transcripts of the same request and response; `subject` names the one that differs.',
    },
    ERR_AUDIT_UNAVAILABLE: {
      message: 'The audit log cannot store events.',
      fix: 'Check disk space and permissions of the directory; `subject` is the failing step. A log in use goes on by itself once it can write, and a disk that is only slow at times needs a larger `maxWait`.',
      retryable: true,
    },
    ERR_AUDIT_BUSY: {
      message: 'Too many events wait to become durable.',
      fix: 'Slow down and try again; the disk syncs more slowly than events arrive.',
      retryable: true,
    },
    ERR_AUDIT_LOCKED: {
      message: 'Another process writes this log.',
      fix: 'Stop the other process, or give this one a directory of its own.',
    },
    ERR_AUDIT_CORRUPT: {
      message: 'The stored log contradicts its own checkpoint or is damaged before its end.',
      fix: 'Keep the directory as evidence and start a new one; the log never repairs acknowledged entries.',
    },
    ERR_AUDIT_ROLLBACK: {
      message: 'The log does not extend a checkpoint that was kept elsewhere.',
      fix: 'Keep both as evidence: the log was cut, put back or rewritten, or there are two logs under one key.',
    },
    ERR_AUDIT_WITNESS: {
      message: 'A witness did not cosign the checkpoint.',
      fix: 'Check that it is reachable and knows this log under its origin and key.',
    },
    ERR_AUDIT_ATTESTATION: {
      message: 'The key of an epoch is not bound to an enclave that the policy accepts.',
      fix: 'Look at the cause; open the log with `attest` inside the enclave, or verify without a policy.',
    },
    ERR_AUDIT_CLOSED: {
      message: 'The audit log is closed.',
      fix: 'Record events before close(), or open the log again.',
    },
  });
