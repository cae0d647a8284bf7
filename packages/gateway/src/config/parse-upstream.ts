import { gatewayError } from '../errors.ts';

/** An engine on the loopback interface. */
export interface Upstream {
  /** Scheme, address and port, for example `http://127.0.0.1:8000`. */
  readonly origin: string;
  /** The address alone, as a socket takes it. */
  readonly hostname: string;
  readonly port: number;
}

const LOOPBACK_V4 = /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/;

/**
 * Reads the engine's address. Names are refused, `localhost` too: what a name means is decided outside the measured
 * code. Plain HTTP is right here, because the bytes never leave the guest.
 * @throws ERR_GATEWAY_UPSTREAM_NOT_LOOPBACK
 */
export function parseUpstream(text: string): Upstream {
  const url = URL.parse(text);
  if (url === null || url.protocol !== 'http:') throw gatewayError('ERR_GATEWAY_UPSTREAM_NOT_LOOPBACK');
  const hostname = url.hostname === '[::1]' ? '::1' : url.hostname;
  const bare =
    url.username === '' && url.password === '' && url.pathname === '/' && url.search === '' && url.hash === '';
  if (!bare || (hostname !== '::1' && !LOOPBACK_V4.test(hostname)))
    throw gatewayError('ERR_GATEWAY_UPSTREAM_NOT_LOOPBACK');
  return { origin: url.origin, hostname, port: url.port === '' ? 80 : Number(url.port) };
}
