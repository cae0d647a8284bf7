import { once } from 'node:events';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import type { RawClient } from '../../end-to-end/raw-client.ts';

/** What somebody on the way sees of one answer. */
export interface Observation {
  /** Bytes of each delivery, in order, as the socket gives them. */
  readonly sizes: readonly number[];
  /** Milliseconds before each delivery but the first. */
  readonly gaps: readonly number[];
}

/** Sends one streamed question through the gateway and watches the socket, not the content. */
export async function observeStream(url: string, raw: RawClient, body: string, shape: string): Promise<Observation> {
  const { bytes } = await raw.seal({ body, headers: { 'cloister-stream-shape': shape } });
  const seen: { readonly at: number; readonly bytes: number }[] = [];
  const outgoing = request(`${url}/.well-known/ohttp-gateway?keyset=${raw.keyset}`, {
    method: 'POST',
    headers: { 'content-type': 'message/ohttp-chunked-req' },
    agent: false,
  });
  outgoing.on('socket', (socket: Socket) =>
    socket.on('data', (piece: Buffer) => seen.push({ at: performance.now(), bytes: piece.length })),
  );
  outgoing.end(bytes);
  const [response] = (await once(outgoing, 'response')) as [NodeJS.ReadableStream];
  response.resume();
  await once(response, 'end');
  return {
    sizes: seen.map((delivery) => delivery.bytes),
    gaps: seen.slice(1).map(({ at }, index) => at - (seen[index]?.at ?? at)),
  };
}
