import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';

/** A relay on loopback that keeps every byte of both directions: what a network observer sees. */
export interface TcpTap {
  /** `http://127.0.0.1:PORT` of the relay. */
  readonly url: string;
  /** Everything captured so far: requests, then answers. */
  captured(): Buffer;
  /** Forgets what was captured. */
  clear(): void;
  close(): Promise<void>;
}

/** Starts a relay in front of `target` (`http://127.0.0.1:PORT`). */
export async function createTcpTap(target: string): Promise<TcpTap> {
  const { hostname, port } = new URL(target);
  const sent: Buffer[] = [];
  const received: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((inbound) => {
    const outbound = createConnection({ host: hostname, port: Number(port) });
    for (const socket of [inbound, outbound]) {
      sockets.add(socket);
      // Small sealed chunks must not wait for acknowledgements.
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    inbound.on('data', (bytes) => sent.push(bytes));
    outbound.on('data', (bytes) => received.push(bytes));
    inbound.pipe(outbound);
    outbound.pipe(inbound);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    captured: () => Buffer.concat([...sent, ...received]),
    clear() {
      sent.length = 0;
      received.length = 0;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
