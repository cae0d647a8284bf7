import type { Padding } from '../bhttp/padding.ts';
import type { FieldLines, RequestHead, ResponseHead } from '../bhttp/types.ts';
import type { Pieces, PieceSource } from '../stream/piece-source.ts';

/** What leaves the client. */
export interface OutgoingRequest {
  readonly head: RequestHead;
  /** Read as the sealed stream is: an array must keep its bytes until that stream has ended. */
  readonly body?: Pieces | Uint8Array;
  /** Asked for after the body has ended. */
  readonly trailers?: () => FieldLines | Promise<FieldLines>;
}

/** A sealed request and the means to open its response. */
export interface SealedRequest {
  /** The encapsulated key: names this exchange. */
  readonly enc: Uint8Array;
  /** `message/ohttp-chunked-req`; pulls the request's body as it is read. */
  readonly body: ReadableStream<Uint8Array>;
  /** The same without a stream's price: read one of the two. */
  readonly pieces: PieceSource;
  /** HPKE export (RFC 9180 section 5.3) of the request's context; `label` is UTF-8, `length` at most 8160 bytes. */
  exportSecret(label: string, length: number): Promise<Uint8Array>;
  /**
   * Opens `message/ohttp-chunked-res`; resolves when the head has arrived. Once only.
   * @throws ERR_CHANNEL_TRUNCATED for a cut at any byte, ERR_CHANNEL_DECRYPT_FAILED, ERR_CHANNEL_MALFORMED_CHUNK,
   * ERR_CHANNEL_MALFORMED_MESSAGE, ERR_CHANNEL_TOO_LARGE, ERR_CHANNEL_ALREADY_USED
   */
  openResponse(body: Pieces): Promise<OpenedResponse>;
}

/** A response whose head has opened. */
export interface OpenedResponse {
  readonly head: ResponseHead;
  /** Responses with status 1xx that came before. */
  readonly informational: readonly ResponseHead[];
  /** Content; errors with ERR_CHANNEL_TRUNCATED unless the sealed final chunk opened. */
  readonly body: ReadableStream<Uint8Array>;
  /** The same without a stream's price: read one of the two. */
  readonly pieces: PieceSource;
  /** The trailers. @throws ERR_CHANNEL_BODY_UNREAD before the body has ended */
  trailers(): Promise<FieldLines>;
}

/** A request whose head has opened, at the gateway. */
export interface OpenedRequest {
  readonly head: RequestHead;
  /** Content; errors with ERR_CHANNEL_TRUNCATED unless the sealed final chunk opened. */
  readonly body: ReadableStream<Uint8Array>;
  /** The same without a stream's price: read one of the two. */
  readonly pieces: PieceSource;
  /** The encapsulated key: its hash belongs into the replay window. */
  readonly enc: Uint8Array;
  /** The key it was sealed to. */
  readonly keyId: number;
  /** The trailers. @throws ERR_CHANNEL_BODY_UNREAD before the body has ended */
  trailers(): Promise<FieldLines>;
  /** The same secret as the client's `exportSecret`. */
  exportSecret(label: string, length: number): Promise<Uint8Array>;
  /**
   * `message/ohttp-chunked-res`: each piece of the body leaves at once as one sealed chunk. Once only.
   * @throws ERR_CHANNEL_INVALID_ARGUMENT for a head that HTTP does not allow, ERR_CHANNEL_ALREADY_USED
   */
  sealResponse(response: OutgoingResponse): ReadableStream<Uint8Array>;
  /** The same without a stream's price: call one of the two. @throws as `sealResponse` */
  sealPieces(response: OutgoingResponse): PieceSource;
}

/** What leaves the gateway. */
export interface OutgoingResponse {
  readonly head: ResponseHead;
  /** Responses with status 1xx to send before. */
  readonly informational?: readonly ResponseHead[];
  /** Read as the sealed stream is: an array must keep its bytes until that stream has ended. */
  readonly body?: Pieces | Uint8Array;
  /** Asked for after the body has ended. */
  readonly trailers?: () => FieldLines | Promise<FieldLines>;
  /** Zero bytes after the trailers. */
  readonly padding?: Padding;
}

/** Opens requests with the keys it was given. */
export interface Receiver {
  /**
   * Opens `message/ohttp-chunked-req`; resolves when the head has arrived, before the content has.
   * @throws ERR_CHANNEL_KEY_UNKNOWN, ERR_CHANNEL_SUITE_REFUSED, ERR_CHANNEL_INVALID_KEY, ERR_CHANNEL_TRUNCATED,
   * ERR_CHANNEL_DECRYPT_FAILED, ERR_CHANNEL_MALFORMED_CHUNK, ERR_CHANNEL_MALFORMED_MESSAGE, ERR_CHANNEL_TOO_LARGE
   */
  openRequest(body: Pieces): Promise<OpenedRequest>;
}
