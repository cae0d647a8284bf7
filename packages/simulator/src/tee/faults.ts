/** What can be wrong with a simulated platform. Each makes genuine-looking evidence that a verifier must refuse. */
export const TEE_FAULTS = [
  'debug',
  'migratable',
  'qe-debug',
  'qe-not-vendor',
  'qe-out-of-date',
  'module-out-of-date',
  'module-unknown',
  'platform-out-of-date',
  'platform-unknown',
  'attestation-key-foreign',
  'quote-signature-foreign',
  'pck-revoked',
  'pck-expired',
  'intermediate-revoked',
  'tcb-signer-revoked',
  'crl-expired',
  'crl-foreign',
  'crl-missing',
  'collateral-expired',
  'collateral-foreign',
  'wrong-fmspc',
  'wrong-pceid',
] as const;

/** One of them. */
export type TeeFault = (typeof TEE_FAULTS)[number];
