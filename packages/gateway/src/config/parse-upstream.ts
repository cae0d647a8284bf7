import { gatewayError } from '../errors.ts';

/** An engine of the same guest. */
export interface Upstream {
  /** As it is attested: `http://127.0.0.1:8000` or `unix:/run/vllm.sock`. */
  readonly origin: string;
  /** Where a connection goes, in the form that `node:http` takes. */
  readonly address: { readonly hostname: string; readonly port: number } | { readonly socketPath: string };
}

const LOOPBACK_V4 = /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/;
/** An absolute path without `.` and `..`; 107 bytes is what Linux takes. */
const SOCKET = /^unix:((?:\/(?!\.{1,2}(?:\/|$))[\w.-]{1,100}){1,16})$/;
const MAX_SOCKET_PATH = 107;

/**
 * Reads the engine's address. Names are refused, `localhost` too: what a name means is decided outside the measured
 * code. Plain HTTP is right here, because the bytes never leave the guest.
 * @throws ERR_GATEWAY_UPSTREAM_NOT_LOOPBACK
 */
export function parseUpstream(text: string): Upstream {
  const socketPath = SOCKET.exec(text)?.[1];
  if (socketPath !== undefined && socketPath.length <= MAX_SOCKET_PATH)
    return { origin: text, address: { socketPath } };
  return parseLoopback(text);
}

function parseLoopback(text: string): Upstream {
  const url = URL.parse(text);
  if (url === null || url.protocol !== 'http:') throw gatewayError('ERR_GATEWAY_UPSTREAM_NOT_LOOPBACK');
  const hostname = url.hostname === '[::1]' ? '::1' : url.hostname;
  const bare =
    url.username === '' && url.password === '' && url.pathname === '/' && url.search === '' && url.hash === '';
  if (!bare || (hostname !== '::1' && !LOOPBACK_V4.test(hostname)))
    throw gatewayError('ERR_GATEWAY_UPSTREAM_NOT_LOOPBACK');
  return { origin: url.origin, address: { hostname, port: url.port === '' ? 80 : Number(url.port) } };
}
