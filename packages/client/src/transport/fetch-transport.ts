import { type PieceSource, readPieces } from '@cloister/channel';
import { type Transport, SEALED_TYPE } from './types.ts';

const NOTHING: PieceSource = { next: () => undefined, cancel: () => Promise.resolve() };

/**
 * Sends by a `fetch`. The request goes out in one piece: streams as request bodies do not work in every browser, and an
 * early refusal would get lost.
 */
export function fetchTransport(fetch: typeof globalThis.fetch): Transport {
  return async (url, sealed, signal) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': SEALED_TYPE },
      body: sealed as Uint8Array<ArrayBuffer>,
      redirect: 'manual',
      credentials: 'omit',
      cache: 'no-store',
      ...(signal === undefined ? {} : { signal }),
    });
    const { status, type, body } = response;
    return {
      status,
      isRedirect: type === 'opaqueredirect' || (status >= 300 && status < 400),
      contentType: response.headers.get('content-type'),
      pieces: body === null ? NOTHING : readPieces(body),
    };
  };
}
