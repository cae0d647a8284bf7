import { type CloisterError, createErrors, type ErrorDescription, type ErrorOccurrence } from '@cloister/core';

/** What a GPU can be refused for. */
export type NvidiaErrorCode =
  | 'ERR_EVIDENCE_GPU_MISSING'
  | 'ERR_EVIDENCE_GPU_REPORT_MALFORMED'
  | 'ERR_EVIDENCE_GPU_REVOCATION_MISSING'
  | 'ERR_EVIDENCE_OCSP_MALFORMED'
  | 'ERR_EVIDENCE_OCSP_SIGNATURE'
  | 'ERR_EVIDENCE_OCSP_EXPIRED'
  | 'ERR_EVIDENCE_OCSP_UNKNOWN'
  | 'ERR_EVIDENCE_GPU_ARCH'
  | 'ERR_EVIDENCE_GPU_SIGNATURE'
  | 'ERR_EVIDENCE_GPU_NONCE'
  | 'ERR_EVIDENCE_GPU_FIRMWARE'
  | 'ERR_EVIDENCE_GPU_DRIVER'
  | 'ERR_EVIDENCE_GPU_VBIOS'
  | 'ERR_EVIDENCE_GPU_REFERENCES'
  | 'ERR_EVIDENCE_GPU_MEASUREMENTS'
  | 'ERR_EVIDENCE_GPU_DUPLICATE'
  | 'ERR_EVIDENCE_NRAS_MALFORMED'
  | 'ERR_EVIDENCE_NRAS_SIGNATURE'
  | 'ERR_EVIDENCE_NRAS_ISSUER'
  | 'ERR_EVIDENCE_NRAS_TIME'
  | 'ERR_EVIDENCE_NRAS_VERSION'
  | 'ERR_EVIDENCE_NRAS_NONCE'
  | 'ERR_EVIDENCE_NRAS_OVERALL'
  | 'ERR_EVIDENCE_NRAS_DEVICES'
  | 'ERR_EVIDENCE_NRAS_DIGEST'
  | 'ERR_EVIDENCE_NRAS_OTHER_DEVICES'
  | 'ERR_EVIDENCE_NRAS_MEASUREMENTS'
  | 'ERR_EVIDENCE_NRAS_SECURE_BOOT'
  | 'ERR_EVIDENCE_NRAS_DEBUG'
  | 'ERR_EVIDENCE_NRAS_REPORT'
  | 'ERR_EVIDENCE_NRAS_FIRMWARE'
  | 'ERR_EVIDENCE_NRAS_CERTIFICATES'
  | 'ERR_EVIDENCE_NRAS_DRIVER_REFERENCE'
  | 'ERR_EVIDENCE_NRAS_VBIOS_REFERENCE';

const REJECT = 'Do not send data to this machine; ask its operator for an explanation.';
const ASK_AGAIN = "Check the clock, then ask NVIDIA's OCSP service again.";
const FRESH = 'Ask for evidence again; if it repeats, somebody replays old evidence.';
const RENEW = 'Check the clock, then ask the attestation service for a new token.';

/** Message and fix of the codes above. Messages are static: they hold nothing of the evidence. */
export const NVIDIA_ERRORS: Readonly<Record<NvidiaErrorCode, ErrorDescription>> = {
  ERR_EVIDENCE_GPU_MISSING: {
    message: 'The bundle holds another number of GPUs, or other evidence of them, than the policy asks for.',
    fix: 'Compare `gpus` in the policy with the machine; a token is needed for `remote` and `both`.',
  },
  ERR_EVIDENCE_GPU_REPORT_MALFORMED: {
    message: 'The GPU report is not an SPDM 1.1 measurement exchange of the expected form.',
    fix: REJECT,
  },
  ERR_EVIDENCE_GPU_REVOCATION_MISSING: {
    message: 'Nothing says whether the certificates of the GPU have been revoked.',
    fix: "Pass on OCSP responses for every certificate that NVIDIA issued, use the attestation service's token, or accept it in the policy with `revocation: 'unchecked'`.",
  },
  ERR_EVIDENCE_OCSP_MALFORMED: {
    message: 'An OCSP response is an error, or not one answer of the expected form.',
    fix: ASK_AGAIN,
  },
  ERR_EVIDENCE_OCSP_SIGNATURE: {
    message:
      'An OCSP response was signed neither by the issuer of the certificate nor by a responder that it appointed.',
    fix: ASK_AGAIN,
  },
  ERR_EVIDENCE_OCSP_EXPIRED: {
    message: 'An OCSP response is not valid at this time.',
    fix: ASK_AGAIN,
    retryable: true,
  },
  ERR_EVIDENCE_OCSP_UNKNOWN: { message: 'The OCSP service does not know a certificate of the GPU.', fix: REJECT },
  ERR_EVIDENCE_GPU_ARCH: {
    message: 'The GPU is of another architecture than expected.',
    fix: 'Change the policy or connect to the right deployment.',
  },
  ERR_EVIDENCE_GPU_SIGNATURE: { message: "The GPU report was not signed by the device's key.", fix: REJECT },
  ERR_EVIDENCE_GPU_NONCE: { message: 'The GPU report was not made for this nonce.', fix: FRESH, retryable: true },
  ERR_EVIDENCE_GPU_FIRMWARE: {
    message: 'The GPU runs other firmware than its certificate was made for.',
    fix: REJECT,
  },
  ERR_EVIDENCE_GPU_DRIVER: {
    message: 'The GPU driver has a version that the policy does not list.',
    fix: 'Update the driver, or add its version to the policy after reading its security bulletin.',
  },
  ERR_EVIDENCE_GPU_VBIOS: {
    message: 'The VBIOS of the GPU has a version that the policy does not list.',
    fix: 'Update the VBIOS, or add its version to the policy after reading its security bulletin.',
  },
  ERR_EVIDENCE_GPU_REFERENCES: {
    message: 'Reference measurements were not verified, are not valid at this time or end in another root.',
    fix: 'Pass on what verifyReferenceManifest() of `@cloister/evidence/rim` returned, for current files.',
  },
  ERR_EVIDENCE_GPU_MEASUREMENTS: {
    message: 'The measurements of the GPU do not match the reference measurements of its driver and VBIOS.',
    fix: 'Compare the versions with those of the reference files; if they agree, do not trust this GPU.',
  },
  ERR_EVIDENCE_GPU_DUPLICATE: { message: 'Two pieces of GPU evidence come from the same device.', fix: REJECT },
  ERR_EVIDENCE_NRAS_MALFORMED: {
    message: 'The token of the attestation service does not have the expected form.',
    fix: 'Pass the detached EAT on exactly as the service answered it.',
  },
  ERR_EVIDENCE_NRAS_SIGNATURE: {
    message: 'A token was not signed by the key of the attestation service.',
    fix: REJECT,
  },
  ERR_EVIDENCE_NRAS_ISSUER: {
    message: 'A token names another issuer than the policy accepts.',
    fix: 'Compare `issuers` in the policy with the attestation service in use.',
  },
  ERR_EVIDENCE_NRAS_TIME: { message: 'A token is not valid at this time.', fix: RENEW, retryable: true },
  ERR_EVIDENCE_NRAS_VERSION: {
    message: 'The claims have a version that is not known here.',
    fix: 'Ask the attestation service for claims of version 3 or 4.',
  },
  ERR_EVIDENCE_NRAS_NONCE: { message: 'A token was not made for this nonce.', fix: FRESH, retryable: true },
  ERR_EVIDENCE_NRAS_OVERALL: { message: 'The attestation service refused the GPUs.', fix: REJECT },
  ERR_EVIDENCE_NRAS_DEVICES: {
    message: 'The tokens of the devices are not those that the overall token lists, or not as many as expected.',
    fix: 'Pass all tokens of one answer on together; compare `count` in the policy with the machine.',
  },
  ERR_EVIDENCE_NRAS_DIGEST: {
    message: "A device's token is not the one whose digest the overall token holds.",
    fix: REJECT,
  },
  ERR_EVIDENCE_NRAS_OTHER_DEVICES: {
    message: 'The tokens are about other devices than the reports.',
    fix: REJECT,
  },
  ERR_EVIDENCE_NRAS_MEASUREMENTS: {
    message: 'The service found measurements that differ from the reference.',
    fix: REJECT,
  },
  ERR_EVIDENCE_NRAS_SECURE_BOOT: { message: 'The GPU did not boot securely.', fix: REJECT },
  ERR_EVIDENCE_NRAS_DEBUG: { message: 'Debugging of the GPU is not disabled.', fix: REJECT },
  ERR_EVIDENCE_NRAS_REPORT: {
    message: 'The service could not verify the report of the GPU in every respect.',
    fix: REJECT,
  },
  ERR_EVIDENCE_NRAS_FIRMWARE: {
    message: 'The service found other firmware than the certificate of the GPU was made for.',
    fix: REJECT,
  },
  ERR_EVIDENCE_NRAS_CERTIFICATES: {
    message: 'The service found a certificate of GPU or reference files that is not valid or not known to be good.',
    fix: REJECT,
  },
  ERR_EVIDENCE_NRAS_DRIVER_REFERENCE: {
    message: 'The service could not verify the reference measurements of the driver.',
    fix: 'Update the driver to a version with published reference measurements.',
  },
  ERR_EVIDENCE_NRAS_VBIOS_REFERENCE: {
    message: 'The service could not verify the reference measurements of the VBIOS.',
    fix: 'Update the VBIOS to a version with published reference measurements.',
  },
};

/** Makes an error about GPU evidence from its code. */
export const nvidiaError: (code: NvidiaErrorCode, occurrence?: ErrorOccurrence) => CloisterError<NvidiaErrorCode> =
  createErrors<NvidiaErrorCode>(NVIDIA_ERRORS);
