import dgram from 'node:dgram';
import type { LookupAddress } from 'node:dns';
import { type LookupFunction, Socket, type SocketConnectOpts } from 'node:net';
import { hostError } from '../errors.ts';
import type { AllowList, Destination } from './allow-list.ts';

type Method = (this: Socket, ...args: unknown[]) => unknown;
type Patchable = Record<'connect' | '_writeGeneric', Method>;

/** Told every refusal; the destination is for the operator's eyes. */
export type RefusalListener = (destination: Destination | undefined) => void;

/** Sockets that were connected under the guard. */
const approved = new WeakSet<object>();

/**
 * Makes every stream socket of this thread ask the list before it connects, and refuses to write to sockets that were
 * connected before: `fetch`, `http`, `https`, `http2`, `tls`, WebSocket and every agent and dispatcher go this way.
 */
export function guardSockets(list: AllowList, onRefusal: RefusalListener): void {
  const sockets = Socket.prototype as unknown as Patchable;
  const { connect, _writeGeneric: write } = sockets;
  sockets.connect = function guardedConnect(...args) {
    const options = readOptions(args);
    const to = destinationOf(options);
    if (!list.allows(to)) {
      onRefusal(to);
      return refuse(this);
    }
    approved.add(this);
    return connect.apply(this, withLookup(args, { ...options, lookup: createLookup(list) } as SocketConnectOpts));
  };
  // All writes of a socket end here, of one that waited in an agent's pool as well.
  sockets._writeGeneric = function guardedWrite(...args) {
    if (mayWrite(this)) return write.apply(this, args);
    onRefusal(undefined);
    const done = args[3];
    if (typeof done === 'function') Reflect.apply(done, undefined, [hostError('ERR_HOST_EGRESS_REFUSED')]);
    return refuse(this);
  };
}

/** UDP has no list: nothing of this software uses it. */
export function guardDatagrams(onRefusal: RefusalListener): void {
  const sockets = dgram.Socket.prototype as unknown as Record<'send' | 'connect', () => never>;
  const refuseDatagram = (): never => {
    onRefusal(undefined);
    throw hostError('ERR_HOST_EGRESS_REFUSED');
  };
  sockets.send = refuseDatagram;
  sockets.connect = refuseDatagram;
}

function refuse(socket: Socket): Socket {
  return socket.destroy(hostError('ERR_HOST_EGRESS_REFUSED'));
}

/** `connect` takes options, a port with a host, or a path; `net.connect` hands them over as a list that it marked. */
function readOptions(args: readonly unknown[]): Partial<Record<'host' | 'port' | 'path', unknown>> {
  const first = Array.isArray(args[0]) ? (args[0] as readonly unknown[])[0] : args[0];
  if (typeof first === 'object' && first !== null) return first;
  if (typeof first === 'string' && !/^\d+$/.test(first)) return { path: first };
  return { port: first, ...(typeof args[1] === 'string' ? { host: args[1] } : {}) };
}

function destinationOf({ host, port, path }: Partial<Record<'host' | 'port' | 'path', unknown>>): Destination {
  if (typeof path === 'string') return { path };
  return { host: typeof host === 'string' && host !== '' ? host : 'localhost', port: Number(port) };
}

function withLookup(args: unknown[], options: SocketConnectOpts): unknown[] {
  const [first] = args;
  if (Array.isArray(first)) {
    first[0] = options;
    return args;
  }
  const callback = args.find((argument) => typeof argument === 'function');
  return callback === undefined ? [options] : [options, callback];
}

/** Answers with the pinned addresses, whatever lookup the caller brought. */
function createLookup(list: AllowList): LookupFunction {
  return (host, options, callback) => void answerLookup(list, host, options, callback);
}

async function answerLookup(list: AllowList, ...[host, options, callback]: Parameters<LookupFunction>): Promise<void> {
  const fitting = await findAddresses(list, host, options.family);
  const [first] = fitting;
  if (first === undefined) callback(hostError('ERR_HOST_EGRESS_REFUSED'), '', 0);
  else if (options.all === true) callback(null, [...fitting]);
  else callback(null, first.address, first.family);
}

async function findAddresses(list: AllowList, host: string, family: unknown): Promise<readonly LookupAddress[]> {
  const wanted = family === 4 || family === 'IPv4' ? 4 : family === 6 || family === 'IPv6' ? 6 : undefined;
  try {
    const addresses = await list.resolve(host);
    return addresses.filter((address) => wanted === undefined || address.family === wanted);
  } catch {
    return [];
  }
}

interface SocketInside {
  readonly _handle?: object | null;
  readonly _parent?: object | null;
  readonly server?: object | null;
  readonly _tlsOptions?: { readonly isServer?: boolean };
}

/** Pipes and terminals of this process, sockets that somebody opened to us, and sockets connected under the guard. */
function mayWrite(socket: Socket): boolean {
  const { _handle: handle, _parent: parent, server, _tlsOptions: tls } = socket as unknown as SocketInside;
  const kind = handle?.constructor.name;
  if (kind === 'Pipe' || kind === 'TTY' || approved.has(socket)) return true;
  const isAccepted = (server !== undefined && server !== null) || tls?.isServer === true;
  return isAccepted || (typeof parent === 'object' && parent !== null && mayWrite(parent as Socket));
}
