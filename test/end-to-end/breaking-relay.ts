import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';

/** A relay on loopback whose connections break. */
export interface BreakingRelay extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** How many connections it has broken. */
  readonly broken: number;
  /** The next answers break after so many bytes of the response each; those that end before are whole. */
  breakAfter(...bytes: readonly number[]): void;
}

/** How a connection ends too early. */
export type Way = 'fin' | 'rst';

/** Starts a relay in front of `target` (`http://127.0.0.1:PORT`). Connections are not used twice once a break is planned. */
export async function startBreakingRelay(target: string, way: Way): Promise<BreakingRelay> {
  const { hostname, port } = new URL(target);
  const planned: number[] = [];
  const sockets = new Set<Socket>();
  let broken = 0;
  const server = createServer((inbound) => {
    const outbound = createConnection({ host: hostname, port: Number(port) });
    for (const socket of [inbound, outbound]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    let left = Number.POSITIVE_INFINITY;
    inbound.on('data', (bytes) => {
      // A request begins: its answer is the next one in the plan.
      if (bytes.includes('POST /.well-known/ohttp-gateway')) left = planned.shift() ?? Number.POSITIVE_INFINITY;
      outbound.write(bytes);
    });
    outbound.on('data', (bytes) => {
      inbound.write(bytes.subarray(0, Math.min(bytes.length, left)));
      left -= bytes.length;
      if (left > 0) return;
      broken += 1;
      outbound.destroy();
      if (way === 'fin') inbound.end();
      else setTimeout(() => inbound.resetAndDestroy(), 5);
    });
    inbound.on('end', () => outbound.end());
    outbound.on('end', () => inbound.end());
    inbound.on('close', () => outbound.destroy());
    outbound.on('close', () => setTimeout(() => inbound.destroy(), 50));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get broken() {
      return broken;
    },
    breakAfter: (...bytes) => void planned.push(...bytes),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
