import type { HpkeSuite } from '../hpke/suite.ts';

/** The symmetric half of a suite as a key configuration lists it. */
export type SymmetricSuite = Pick<HpkeSuite, 'kdf' | 'aead'>;

/** One key configuration (RFC 9458 section 3.1). */
export interface KeyConfig {
  /** 0 to 255. */
  readonly keyId: number;
  /** KEM id of RFC 9180 section 7.1. */
  readonly kem: number;
  /** Npk bytes. */
  readonly publicKey: Uint8Array;
  /** In the receiver's order of preference; at least one. */
  readonly suites: readonly SymmetricSuite[];
}

/** A receiver's private key; opaque: a copy or a cast opens nothing. */
export interface ReceiverKey {
  /** The encoded key configuration that senders use. */
  readonly config: Uint8Array;
  readonly keyId: number;
  /** Forgets the private key: requests sealed to it are unknown from now on. */
  destroy(): void;
}

/** What binds the two directions of one form of Oblivious HTTP. */
export interface Form {
  /** Start of the HPKE info of the request. */
  readonly request: string;
  /** Exporter context of the response. */
  readonly response: string;
}

/** RFC 9458 sections 4.3 and 4.4. */
export const WHOLE: Form = { request: 'message/bhttp request', response: 'message/bhttp response' };

/** draft-ietf-ohai-chunked-ohttp-08 section 6. */
export const CHUNKED: Form = { request: 'message/bhttp chunked request', response: 'message/bhttp chunked response' };

/** What both ends of a response need from the request's context. */
export interface ResponseSecrets {
  readonly aead: number;
  /** The request's encapsulated key. */
  readonly enc: Uint8Array;
  /** The exported secret: max(Nn, Nk) bytes. */
  readonly secret: Uint8Array;
}
