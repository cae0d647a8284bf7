import { type CloisterError, createErrors, type ErrorDescription, type ErrorOccurrence } from '@cloister/core';

/** What a SEV-SNP report can be refused for. */
export type SnpErrorCode =
  | 'ERR_EVIDENCE_SNP_REPORT_MALFORMED'
  | 'ERR_EVIDENCE_SNP_VERSION_UNSUPPORTED'
  | 'ERR_EVIDENCE_SNP_AZURE_UNSUPPORTED'
  | 'ERR_EVIDENCE_SNP_LINE_UNSUPPORTED'
  | 'ERR_EVIDENCE_SNP_SIGNER_UNSUPPORTED'
  | 'ERR_EVIDENCE_SNP_CERTIFICATES_MISSING'
  | 'ERR_EVIDENCE_SNP_LIST_MISSING'
  | 'ERR_EVIDENCE_SNP_TABLE_MALFORMED'
  | 'ERR_EVIDENCE_SNP_EXTENSIONS_MALFORMED'
  | 'ERR_EVIDENCE_SNP_LINE_MISMATCH'
  | 'ERR_EVIDENCE_SNP_TCB_MALFORMED'
  | 'ERR_EVIDENCE_SNP_TCB_MISMATCH'
  | 'ERR_EVIDENCE_SNP_CHIP_MISMATCH'
  | 'ERR_EVIDENCE_SNP_SIGNATURE'
  | 'ERR_EVIDENCE_SNP_TCB_ORDER'
  | 'ERR_EVIDENCE_SNP_PROVISIONAL'
  | 'ERR_EVIDENCE_SNP_TCB_TOO_OLD'
  | 'ERR_EVIDENCE_SNP_LAUNCH_TCB_TOO_OLD'
  | 'ERR_EVIDENCE_SNP_FIRMWARE_TOO_OLD'
  | 'ERR_EVIDENCE_SNP_MITIGATION_MISSING'
  | 'ERR_EVIDENCE_SNP_DEBUG'
  | 'ERR_EVIDENCE_SNP_MIGRATION'
  | 'ERR_EVIDENCE_SNP_ABI_TOO_OLD'
  | 'ERR_EVIDENCE_SNP_POLICY'
  | 'ERR_EVIDENCE_SNP_VMPL'
  | 'ERR_EVIDENCE_SNP_GUEST_SVN_TOO_OLD'
  | 'ERR_EVIDENCE_SNP_PLATFORM_RESERVED'
  | 'ERR_EVIDENCE_SNP_PLATFORM'
  | 'ERR_EVIDENCE_SNP_SIGNER_NOT_ACCEPTED'
  | 'ERR_EVIDENCE_SNP_CHIP_NOT_ACCEPTED';

const REJECT = 'Do not send data to this machine; ask its operator for an explanation.';
const UPDATE = 'Update the firmware of the platform, or lower the floor of the policy after reading the bulletins.';
const OTHER_CERTIFICATE = "Fetch the certificate for this chip and the report's TCB from the key distribution service.";

/** Message and fix of the codes above. Messages are static: they hold nothing of the evidence. */
export const SNP_ERRORS: Readonly<Record<SnpErrorCode, ErrorDescription>> = {
  ERR_EVIDENCE_SNP_REPORT_MALFORMED: {
    message: 'The report does not have the form of a SEV-SNP report.',
    fix: 'Check the evidence provider of the guest; the bytes are cut, padded or not a report.',
  },
  ERR_EVIDENCE_SNP_VERSION_UNSUPPORTED: {
    message: 'The report has a version or signature algorithm that is not supported.',
    fix: 'Use a report of version 2 to 5, signed with ECDSA P-384.',
  },
  ERR_EVIDENCE_SNP_AZURE_UNSUPPORTED: {
    message: "The evidence is Azure's wrapper of a report inside a vTPM, which is not supported.",
    fix: 'Use a guest that gives the report itself: behind the wrapper the report speaks for the vTPM, not for the guest.',
  },
  ERR_EVIDENCE_SNP_LINE_UNSUPPORTED: {
    message: 'The report comes from a line of processors that is not known.',
    fix: 'Use a processor of the Milan, Genoa, Bergamo, Siena or Turin lines.',
  },
  ERR_EVIDENCE_SNP_SIGNER_UNSUPPORTED: {
    message: 'The report is not signed by a chip key or a loaded key.',
    fix: 'Let the host enable the chip key or load a VLEK.',
  },
  ERR_EVIDENCE_SNP_CERTIFICATES_MISSING: {
    message: 'The three certificates of the report were not given.',
    fix: 'Pass the VCEK or VLEK, the ASK or ASVK, and the ARK, in this order.',
  },
  ERR_EVIDENCE_SNP_LIST_MISSING: {
    message: 'The revocation list of the root was not given.',
    fix: "Pass the list of the report's line from the key distribution service: revocation is required.",
  },
  ERR_EVIDENCE_SNP_TABLE_MALFORMED: {
    message: 'The certificate table of an extended report does not have the expected form.',
    fix: 'Let the host load the table again, or fetch the certificates from the key distribution service.',
  },
  ERR_EVIDENCE_SNP_EXTENSIONS_MALFORMED: {
    message: 'The certificate that signs the report does not say which chip and TCB it is for.',
    fix: OTHER_CERTIFICATE,
  },
  ERR_EVIDENCE_SNP_LINE_MISMATCH: {
    message: 'Report, certificate and root are not of one line of processors.',
    fix: OTHER_CERTIFICATE,
  },
  ERR_EVIDENCE_SNP_TCB_MALFORMED: { message: 'A TCB version has reserved bytes that are not zero.', fix: REJECT },
  ERR_EVIDENCE_SNP_TCB_MISMATCH: {
    message: 'The certificate that signs the report is for another TCB.',
    fix: OTHER_CERTIFICATE,
  },
  ERR_EVIDENCE_SNP_CHIP_MISMATCH: {
    message: 'The certificate that signs the report is for another chip.',
    fix: OTHER_CERTIFICATE,
  },
  ERR_EVIDENCE_SNP_SIGNATURE: { message: 'The signature of the report is wrong.', fix: REJECT },
  ERR_EVIDENCE_SNP_TCB_ORDER: {
    message: 'The reported TCB is above the committed one, or that above the current one.',
    fix: REJECT,
  },
  ERR_EVIDENCE_SNP_PROVISIONAL: {
    message: 'The platform runs firmware that it has not committed to.',
    fix: 'Let the operator commit the firmware, or accept provisional firmware in the policy.',
  },
  ERR_EVIDENCE_SNP_TCB_TOO_OLD: {
    message: 'The reported TCB is below the floor of the policy, or the policy names no floor for this line.',
    fix: UPDATE,
  },
  ERR_EVIDENCE_SNP_LAUNCH_TCB_TOO_OLD: {
    message: 'The guest was launched on a TCB below the floor of the policy.',
    fix: 'Launch the guest again on the updated platform.',
  },
  ERR_EVIDENCE_SNP_FIRMWARE_TOO_OLD: {
    message: 'The committed firmware is below the floor of the policy.',
    fix: UPDATE,
  },
  ERR_EVIDENCE_SNP_MITIGATION_MISSING: {
    message: 'A mitigation that the policy asks for is not in effect.',
    fix: 'Update the firmware of the platform and launch the guest again.',
  },
  ERR_EVIDENCE_SNP_DEBUG: {
    message: 'The guest may be debugged: its host can read its memory.',
    fix: 'Start the guest with a policy that forbids debugging.',
  },
  ERR_EVIDENCE_SNP_MIGRATION: {
    message: 'The guest may be bound to a migration agent, which can act on it.',
    fix: 'Start the guest with a policy that forbids migration agents.',
  },
  ERR_EVIDENCE_SNP_ABI_TOO_OLD: {
    message: "The guest's policy allows firmware with an older interface than ours does.",
    fix: 'Start the guest with a higher minimum in its policy.',
  },
  ERR_EVIDENCE_SNP_POLICY: {
    message: "A bit of the guest's policy is not as our policy asks.",
    fix: 'Start the guest with the policy that the operator published.',
  },
  ERR_EVIDENCE_SNP_VMPL: {
    message: 'The report comes from a privilege level that the policy does not accept, or from the host.',
    fix: 'Ask for the report at VMPL 0, or accept the level by name.',
  },
  ERR_EVIDENCE_SNP_GUEST_SVN_TOO_OLD: {
    message: 'The security version of the guest is below the floor of the policy.',
    fix: 'Launch the current release of the guest.',
  },
  ERR_EVIDENCE_SNP_PLATFORM_RESERVED: {
    message: 'The platform information has bits whose meaning is not known.',
    fix: 'Update this package.',
  },
  ERR_EVIDENCE_SNP_PLATFORM: {
    message: 'A property of the platform is not as the policy asks.',
    fix: 'Compare the settings of the machine (SMT, memory encryption, alias check and so on) with the policy.',
  },
  ERR_EVIDENCE_SNP_SIGNER_NOT_ACCEPTED: {
    message: 'The policy does not accept the kind or the owner of the key that signs the report.',
    fix: 'Compare the signer with the policy: VCEK is the chip, VLEK is a provider.',
  },
  ERR_EVIDENCE_SNP_CHIP_NOT_ACCEPTED: {
    message: 'The chip is not one that the policy names, or it is not known.',
    fix: 'Compare its id with the allow-list of the policy.',
  },
};

/** Makes an error about a SEV-SNP report from its code. */
export const snpError: (code: SnpErrorCode, occurrence?: ErrorOccurrence) => CloisterError<SnpErrorCode> =
  createErrors<SnpErrorCode>(SNP_ERRORS);
