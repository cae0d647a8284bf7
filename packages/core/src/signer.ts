/** Signs with a key that it does not give out: the audit log's, an enclave's, a KMS's. */
export interface Signer {
  /** Ed25519 (RFC 8032): 32 bytes. */
  readonly publicKey: Uint8Array;
  /** The 64-byte signature of a message. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}
