import { type CloisterError, createErrors, type ErrorDescription, type ErrorOccurrence } from '@cloister/core';

/** What TDX quotes and their collateral can be refused for. */
export type TdxErrorCode =
  | 'ERR_EVIDENCE_QUOTE_MALFORMED'
  | 'ERR_EVIDENCE_QUOTE_UNSUPPORTED'
  | 'ERR_EVIDENCE_QUOTE_SIGNATURE'
  | 'ERR_EVIDENCE_ATTESTATION_KEY_UNBOUND'
  | 'ERR_EVIDENCE_QE_VENDOR'
  | 'ERR_EVIDENCE_QE_SIGNATURE'
  | 'ERR_EVIDENCE_QE_IDENTITY_MISMATCH'
  | 'ERR_EVIDENCE_QE_DEBUG'
  | 'ERR_EVIDENCE_COLLATERAL_MISSING'
  | 'ERR_EVIDENCE_COLLATERAL_MALFORMED'
  | 'ERR_EVIDENCE_COLLATERAL_SIGNATURE'
  | 'ERR_EVIDENCE_COLLATERAL_EXPIRED'
  | 'ERR_EVIDENCE_COLLATERAL_MISMATCH'
  | 'ERR_EVIDENCE_COLLATERAL_TOO_OLD'
  | 'ERR_EVIDENCE_TCB_UNKNOWN'
  | 'ERR_EVIDENCE_ADVISORY_NOT_ACCEPTED'
  | 'ERR_EVIDENCE_PLATFORM_NOT_ACCEPTED'
  | 'ERR_EVIDENCE_EVENT_LOG_MISSING'
  | 'ERR_EVIDENCE_EVENT_LOG_MALFORMED'
  | 'ERR_EVIDENCE_EVENT_LOG_MISMATCH'
  | 'ERR_EVIDENCE_EVENT_MISMATCH'
  | 'ERR_EVIDENCE_MODULE_MISMATCH'
  | 'ERR_EVIDENCE_TD_DEBUG'
  | 'ERR_EVIDENCE_TD_ATTRIBUTES'
  | 'ERR_EVIDENCE_TD_SERVICE';

const REFETCH = 'Fetch current collateral from the provisioning service and try again.';
const REJECT = 'Do not send data to this machine; ask its operator for an explanation.';

/** Message and fix of the codes above. Messages are static: they hold nothing of the evidence. */
export const TDX_ERRORS: Readonly<Record<TdxErrorCode, ErrorDescription>> = {
  ERR_EVIDENCE_QUOTE_MALFORMED: {
    message: 'The quote does not have the form of a TDX quote.',
    fix: 'Check the evidence provider of the guest; the bytes are cut, padded or not a quote.',
  },
  ERR_EVIDENCE_QUOTE_UNSUPPORTED: {
    message: 'The quote has a version, key type, TEE type or body that is not supported.',
    fix: 'Use a TDX quote of version 4 or 5 with an ECDSA P-256 key.',
  },
  ERR_EVIDENCE_QUOTE_SIGNATURE: { message: 'The signature of the quote is wrong.', fix: REJECT },
  ERR_EVIDENCE_ATTESTATION_KEY_UNBOUND: {
    message: 'The quoting enclave did not vouch for the attestation key.',
    fix: REJECT,
  },
  ERR_EVIDENCE_QE_VENDOR: { message: "The quoting enclave is not the vendor's.", fix: REJECT },
  ERR_EVIDENCE_QE_SIGNATURE: {
    message: "The platform certificate did not sign the quoting enclave's report.",
    fix: REJECT,
  },
  ERR_EVIDENCE_QE_IDENTITY_MISMATCH: {
    message: "The quoting enclave does not match the vendor's published identity.",
    fix: REJECT,
  },
  ERR_EVIDENCE_QE_DEBUG: { message: 'The quoting enclave runs in debug mode.', fix: REJECT },
  ERR_EVIDENCE_COLLATERAL_MISSING: {
    message: 'The collateral that the policy requires was not given.',
    fix: 'Fetch collateral for the platform or let the gateway send it along.',
  },
  ERR_EVIDENCE_COLLATERAL_MALFORMED: {
    message: 'A piece of collateral does not have the expected form.',
    fix: REFETCH,
  },
  ERR_EVIDENCE_COLLATERAL_SIGNATURE: {
    message: "The vendor's signature over a piece of collateral is wrong.",
    fix: REFETCH,
  },
  ERR_EVIDENCE_COLLATERAL_EXPIRED: { message: 'A piece of collateral is not valid at this time.', fix: REFETCH },
  ERR_EVIDENCE_COLLATERAL_MISMATCH: {
    message: 'The collateral is for another platform or enclave.',
    fix: 'Fetch collateral for the FMSPC and CA of this platform certificate.',
  },
  ERR_EVIDENCE_COLLATERAL_TOO_OLD: {
    message: 'The TCB evaluation number is below the floor of the policy.',
    fix: REFETCH,
  },
  ERR_EVIDENCE_TCB_UNKNOWN: {
    message: 'No TCB level of the vendor matches this platform.',
    fix: "Update the platform's firmware, then fetch a new platform certificate.",
  },
  ERR_EVIDENCE_ADVISORY_NOT_ACCEPTED: {
    message: 'An advisory applies to this platform that the policy does not accept, or no longer.',
    fix: 'Update the platform, or decide about the advisory in the policy, with an end.',
  },
  ERR_EVIDENCE_PLATFORM_NOT_ACCEPTED: {
    message: 'The platform is not one that the policy names.',
    fix: 'Compare its provisioning id and family with the allow-lists of the policy.',
  },
  ERR_EVIDENCE_EVENT_LOG_MISSING: {
    message: 'The policy pins events, and the evidence holds no event log.',
    fix: 'Let the evidence provider of the guest send its event log along.',
  },
  ERR_EVIDENCE_EVENT_LOG_MALFORMED: {
    message: 'The event log is neither a JSON log of the known form nor a CCEL table.',
    fix: 'Check the evidence provider of the guest; the log is cut or of another format.',
  },
  ERR_EVIDENCE_EVENT_LOG_MISMATCH: {
    message: 'The event log does not lead to the runtime measurements of the quote.',
    fix: REJECT,
  },
  ERR_EVIDENCE_EVENT_MISMATCH: {
    message: 'An event that the policy pins is missing, occurs twice or recorded something else.',
    fix: 'Compare the guest configuration with the published release.',
  },
  ERR_EVIDENCE_MODULE_MISMATCH: {
    message: "The TDX module does not match the vendor's published identity.",
    fix: REJECT,
  },
  ERR_EVIDENCE_TD_DEBUG: {
    message: 'The guest runs in debug mode: its host can read its memory.',
    fix: 'Start the guest without the debug attribute.',
  },
  ERR_EVIDENCE_TD_ATTRIBUTES: {
    message: 'The guest has attributes or extended features that weaken it.',
    fix: 'Start the guest with SEPT_VE_DISABLE and without migration, PKS, KL or PERFMON.',
  },
  ERR_EVIDENCE_TD_SERVICE: {
    message: 'A service guest is bound to this guest and may act on it.',
    fix: 'Start the guest without a migration or other service guest.',
  },
};

/** Makes an error about a TDX quote from its code. */
export const tdxError: (code: TdxErrorCode, occurrence?: ErrorOccurrence) => CloisterError<TdxErrorCode> =
  createErrors<TdxErrorCode>(TDX_ERRORS);
