import { type CloisterError, createErrors, type ErrorDescription, type ErrorOccurrence } from '@cloister/core';

/** What evidence of every kind can be refused for. Codes that end in `_MALFORMED` are about form, not about trust. */
export type CommonErrorCode =
  | 'ERR_EVIDENCE_BUNDLE_MALFORMED'
  | 'ERR_EVIDENCE_KEYSET_MALFORMED'
  | 'ERR_EVIDENCE_POLICY_INVALID'
  | 'ERR_EVIDENCE_POLICY_UNPINNED'
  | 'ERR_EVIDENCE_NONCES_INVALID'
  | 'ERR_EVIDENCE_NOT_VERIFIED'
  | 'ERR_EVIDENCE_CHECK_MISSING'
  | 'ERR_EVIDENCE_TEE_UNSUPPORTED'
  | 'ERR_EVIDENCE_TEE_MISMATCH'
  | 'ERR_EVIDENCE_DER_MALFORMED'
  | 'ERR_EVIDENCE_CERTIFICATE_MALFORMED'
  | 'ERR_EVIDENCE_ROOT_UNTRUSTED'
  | 'ERR_EVIDENCE_CHAIN_INVALID'
  | 'ERR_EVIDENCE_CERTIFICATE_EXPIRED'
  | 'ERR_EVIDENCE_CERTIFICATE_REVOKED'
  | 'ERR_EVIDENCE_CRL_MALFORMED'
  | 'ERR_EVIDENCE_CRL_INVALID'
  | 'ERR_EVIDENCE_CRL_EXPIRED'
  | 'ERR_EVIDENCE_TCB_NOT_ACCEPTED'
  | 'ERR_EVIDENCE_NONCE_MISMATCH'
  | 'ERR_EVIDENCE_REPORT_DATA_MISMATCH'
  | 'ERR_EVIDENCE_KEYSET_EXPIRED'
  | 'ERR_EVIDENCE_DEPLOYMENT_MISMATCH'
  | 'ERR_EVIDENCE_OWNER_SIGNATURE'
  | 'ERR_EVIDENCE_OWNER_SIGNATURE_EXPIRED'
  | 'ERR_EVIDENCE_MEASUREMENT_MISMATCH';

const REFETCH = 'Fetch current collateral from the provisioning service and try again.';
const REJECT = 'Do not send data to this machine; ask its operator for an explanation.';

/** Message and fix of the codes that all kinds of evidence share. Messages are static: they hold nothing of the evidence. */
export const COMMON_ERRORS: Readonly<Record<CommonErrorCode, ErrorDescription>> = {
  ERR_EVIDENCE_BUNDLE_MALFORMED: {
    message: 'The evidence bundle does not have the expected form.',
    fix: 'Check that the URL points to a Cloister gateway of a matching version.',
  },
  ERR_EVIDENCE_KEYSET_MALFORMED: {
    message: 'The keyset is not canonical JSON of the expected form.',
    fix: 'Check that gateway and client have matching versions.',
  },
  ERR_EVIDENCE_POLICY_INVALID: {
    message: 'The evidence policy has a missing, unknown or ill-formed member.',
    fix: 'Compare the policy with the EvidencePolicy type; unknown members are refused on purpose.',
  },
  ERR_EVIDENCE_POLICY_UNPINNED: {
    message: 'The evidence policy does not pin workload and deployment.',
    fix: 'Pin mrTd, rtmr1, rtmr2 and mrConfigId or an event of RTMR3, or mrTd and rtmr0 to rtmr3; of SEV-SNP the measurement or the ID key; and name a deployment or an owner.',
  },
  ERR_EVIDENCE_NONCES_INVALID: {
    message: 'A nonce root needs 1 to 256 nonces of 32 bytes.',
    fix: 'Split the batch or refuse nonces of another length.',
  },
  ERR_EVIDENCE_NOT_VERIFIED: {
    message: 'This identity was not made by appraise().',
    fix: 'Pass on the object that appraise() or attest() returned, not a copy of it.',
  },
  ERR_EVIDENCE_CHECK_MISSING: {
    message: 'A check that belongs to this verdict did not run.',
    fix: 'Report it: every check either runs or says why it does not apply.',
  },
  ERR_EVIDENCE_TEE_UNSUPPORTED: {
    message: 'This kind of evidence is not supported yet.',
    fix: 'Use an Intel TDX guest with a version 4 or 5 quote.',
  },
  ERR_EVIDENCE_TEE_MISMATCH: {
    message: 'The evidence comes from another kind of TEE than the policy names.',
    fix: 'Change the policy or connect to the right deployment.',
  },
  ERR_EVIDENCE_DER_MALFORMED: { message: 'A structure is not strict DER of the expected form.', fix: REJECT },
  ERR_EVIDENCE_CERTIFICATE_MALFORMED: {
    message: 'A certificate or chain does not have the expected form.',
    fix: REJECT,
  },
  ERR_EVIDENCE_ROOT_UNTRUSTED: {
    message: 'The certificate chain does not end in a trusted root.',
    fix: 'For a simulated TEE pass its test roots explicitly; otherwise do not trust this machine.',
  },
  ERR_EVIDENCE_CHAIN_INVALID: {
    message: 'A certificate was not issued by the next one in its chain for this use.',
    fix: REJECT,
  },
  ERR_EVIDENCE_CERTIFICATE_EXPIRED: {
    message: 'A certificate is not valid at this time.',
    fix: 'Check the clock, then ask for a newly provisioned platform certificate.',
  },
  ERR_EVIDENCE_CERTIFICATE_REVOKED: { message: 'The vendor has revoked a certificate of this platform.', fix: REJECT },
  ERR_EVIDENCE_CRL_MALFORMED: {
    message: 'A revocation list is missing or does not have the expected form.',
    fix: REFETCH,
  },
  ERR_EVIDENCE_CRL_INVALID: {
    message: 'A revocation list was not signed by the issuer it should come from.',
    fix: REFETCH,
  },
  ERR_EVIDENCE_CRL_EXPIRED: { message: 'A revocation list is not valid at this time.', fix: REFETCH },
  ERR_EVIDENCE_TCB_NOT_ACCEPTED: {
    message: 'The policy does not accept the TCB status of this platform.',
    fix: 'Update the platform, or accept the status by name in the policy after reading its advisories.',
  },
  ERR_EVIDENCE_NONCE_MISMATCH: {
    message: 'The evidence was not made for this nonce.',
    fix: 'Ask for evidence again; if it repeats, somebody replays old evidence.',
    retryable: true,
  },
  ERR_EVIDENCE_REPORT_DATA_MISMATCH: {
    message: 'The quote does not vouch for this nonce, keyset and GPU evidence together.',
    fix: REJECT,
  },
  ERR_EVIDENCE_KEYSET_EXPIRED: {
    message: 'The keyset is not valid at this time or lives too long.',
    fix: 'Check both clocks, then ask for evidence again.',
    retryable: true,
  },
  ERR_EVIDENCE_DEPLOYMENT_MISMATCH: {
    message: 'The gateway runs with another configuration than the policy pins.',
    fix: 'Compare the deployment digest with the one that the operator published.',
  },
  ERR_EVIDENCE_OWNER_SIGNATURE: {
    message: "The owner's signature over the deployment is missing or wrong.",
    fix: 'Let the owner sign the deployment digest of the gateway that answers, and configure the gateway to send it along.',
  },
  ERR_EVIDENCE_OWNER_SIGNATURE_EXPIRED: {
    message: "The owner's signature over the deployment has expired.",
    fix: 'Ask the owner to sign the deployment again.',
  },
  ERR_EVIDENCE_MEASUREMENT_MISMATCH: {
    message: 'A measurement differs from the value that the policy pins.',
    fix: 'Compare the guest image and its configuration with the published release.',
  },
};

/** Makes an error of this package from its code. */
export const evidenceError: (code: CommonErrorCode, occurrence?: ErrorOccurrence) => CloisterError<CommonErrorCode> =
  createErrors<CommonErrorCode>(COMMON_ERRORS);
