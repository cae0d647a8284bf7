import { Buffer } from 'node:buffer';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a service of the guest answers. */
export interface GuestAnswer {
  readonly status?: number;
  readonly body: string;
}

/** Answers one request: its method, its path with query, its body. */
export type GuestHandler = (method: string, path: string, body: string) => Promise<GuestAnswer> | GuestAnswer;

/** A service that runs. */
export interface GuestService extends AsyncDisposable {
  /** Its port of 127.0.0.1; 0 on a socket. */
  readonly port: number;
  /** Method and path of every request so far. */
  readonly requests: readonly string[];
}

async function readText(request: IncomingMessage): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of request as AsyncIterable<Uint8Array>) parts.push(part);
  return Buffer.concat(parts).toString();
}

async function answer(handler: GuestHandler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', url = '' } = request;
  const { status = 200, body } = await handler(method, url, await readText(request));
  response.writeHead(status).end(body);
}

async function listen(server: Server, place: string | undefined): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    if (place === undefined) server.listen(0, '127.0.0.1', resolve);
    else server.listen(place, resolve);
  });
}

/**
 * Starts a service of the guest on a free port of 127.0.0.1, or on a Unix socket.
 * @param socket path of the socket; @param handler answers every request
 */
export async function startGuestService(handler: GuestHandler, socket?: string): Promise<GuestService> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    answer(handler, request, response).catch(() => response.destroy());
  });
  await listen(server, socket);
  const address = server.address();
  return {
    port: typeof address === 'string' || address === null ? 0 : (address satisfies AddressInfo).port,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
