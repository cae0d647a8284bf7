/** Object identifiers as hex of their DER contents, named as their standards name them (RFC 5280, RFC 5480, RFC 5758, RFC 8017). */
export const OID = {
  ecPublicKey: '2a8648ce3d0201',
  prime256v1: '2a8648ce3d030107',
  secp384r1: '2b81040022',
  ecdsaWithSha256: '2a8648ce3d040302',
  ecdsaWithSha384: '2a8648ce3d040303',
  rsaEncryption: '2a864886f70d010101',
  sha256WithRsa: '2a864886f70d01010b',
  mgf1: '2a864886f70d010108',
  rsassaPss: '2a864886f70d01010a',
  sha384: '608648016503040202',
  commonName: '550403',
  keyUsage: '551d0f',
  extendedKeyUsage: '551d25',
  basicConstraints: '551d13',
  /** Intel's SGX extensions, 1.2.840.113741.1.13.1. */
  sgxExtensions: '2a864886f84d010d01',
} as const;
