import type { PieceSource } from '@cloister/channel';

/** What came back for a sealed request: a status and a type that nobody vouches for, and bytes. */
export interface SealedAnswer {
  readonly status: number;
  /** Whether it leads elsewhere; browsers hide the status of those. */
  readonly isRedirect: boolean;
  readonly contentType: string | null;
  readonly pieces: PieceSource;
}

/**
 * Posts a sealed request and follows no redirect.
 * @throws what the connection ends with; with the signal's reason or an `AbortError` when the caller stopped it
 */
export type Transport = (url: string, sealed: Uint8Array, signal: AbortSignal | undefined) => Promise<SealedAnswer>;

/** The type of a sealed request (draft-ietf-ohai-chunked-ohttp-08 section 10). */
export const SEALED_TYPE = 'message/ohttp-chunked-req';
