/** The SHA-2 members that the formats of this project use (FIPS 180-4). */
export type HashAlgorithm = 'sha256' | 'sha384' | 'sha512';

/** A hash that is fed in pieces and read once. */
export interface IncrementalHash {
  /** Adds bytes; they are not kept. */
  update(bytes: Uint8Array): void;
  /** Ends the hash; a second call throws in every implementation. */
  digest(): Uint8Array;
}
