import { parseKeyConfig, sealRequest } from '@cloister/channel';
import { sha256, systemRandom, toBase64url, toHex } from '@cloister/core';
import { parseEvidenceBundle, parseKeyset } from '@cloister/evidence';

/** A client that verifies nothing and sends whatever a test wants: what a gateway must stand up to. */
export interface RawClient {
  /** The keyset's digest, hex. */
  readonly keyset: string;
  /** Seals a request to the keyset. Headers given replace the ordinary ones; `undefined` leaves one out. */
  seal(request: RawRequest): Promise<RawSealed>;
  /** Sends sealed bytes and gives the outer answer. */
  send(bytes: Uint8Array, keyset?: string): Promise<Response>;
  /** Seals, sends and opens. */
  call(request: RawRequest): Promise<RawAnswer>;
}

/** A request before it is sealed. */
export interface RawRequest {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
}

/** A sealed request in one piece. */
export interface RawSealed {
  readonly bytes: Uint8Array;
  readonly sealed: Awaited<ReturnType<typeof sealRequest>>;
}

/** What came back; `status` and `text` of the sealed answer, or only the outer status. */
export interface RawAnswer {
  readonly outer: number;
  readonly status: number | undefined;
  readonly text: string;
}

/** Fetches the keyset of the gateway at `url` and takes it at its word. */
export async function createRawClient(url: string, apiKey: string): Promise<RawClient> {
  const evidence = await fetch(`${url}/.well-known/cloister/evidence?nonce=${toBase64url(systemRandom(32))}`);
  const { keyset } = parseEvidenceBundle(await evidence.text());
  const [first] = parseKeyset(keyset).configs;
  if (first === undefined) throw new Error('the keyset is empty');
  const config = parseKeyConfig(first);
  const digest = toHex(sha256(keyset));
  const client: RawClient = {
    keyset: digest,
    async seal(request) {
      const head = createHead(url, apiKey, request);
      const sealed = await sealRequest(
        config,
        request.body === undefined ? { head } : { head, body: Buffer.from(request.body) },
      );
      return { sealed, bytes: new Uint8Array(await new Response(sealed.body).arrayBuffer()) };
    },
    send: (bytes, name = digest) =>
      fetch(`${url}/.well-known/ohttp-gateway?keyset=${name}`, {
        method: 'POST',
        headers: { 'content-type': 'message/ohttp-chunked-req' },
        body: bytes as Uint8Array<ArrayBuffer>,
      }),
    async call(request) {
      const { sealed, bytes } = await client.seal(request);
      const response = await client.send(bytes);
      if (response.status !== 200 || response.body === null)
        return { outer: response.status, status: undefined, text: await response.text() };
      const opened = await sealed.openResponse(response.body);
      return { outer: 200, status: opened.head.status, text: await new Response(opened.body).text() };
    },
  };
  return client;
}

function createHead(url: string, apiKey: string, request: RawRequest): Parameters<typeof sealRequest>[1]['head'] {
  const headers = {
    authorization: `Bearer ${apiKey}`,
    'content-type': 'application/json',
    date: new Date().toUTCString(),
    'cloister-request-id': toBase64url(systemRandom(16)),
    'cloister-cache-salt': `cs1.${toBase64url(systemRandom(32))}`,
    ...request.headers,
  };
  return {
    method: request.method ?? 'POST',
    scheme: 'http',
    authority: new URL(url).host,
    path: request.path ?? '/v1/chat/completions',
    headers: Object.entries(headers).filter((field): field is [string, string] => field[1] !== undefined),
  };
}
