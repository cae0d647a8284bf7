import { type LookupAddress, promises as dns } from 'node:dns';
import { isIP } from 'node:net';
import { hostError } from '../errors.ts';

/** Where a connection goes. */
export type Destination = { readonly host: string; readonly port: number } | { readonly path: string };

/** Destinations that a process may reach. */
export interface AllowList {
  /** The entries, normalised. */
  readonly entries: readonly string[];
  allows(destination: Destination): boolean;
  /** Addresses of a name, resolved once and kept: what a name means later does not count. */
  resolve(host: string): Promise<readonly LookupAddress[]>;
}

/** Resolves a name; the platform's resolver unless a test gives another. */
export type Resolver = (host: string) => Promise<readonly LookupAddress[]>;

const NAME = /^[a-z0-9_](?:[a-z0-9_.-]{0,252})$/;
/** Addresses where clouds answer with credentials; a name that leads here was not meant. */
const LINK_LOCAL = /^(?:169\.254\.|fe[89ab][0-9a-f]:)/i;

function normalise(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

function parseEntry(entry: string): string {
  if (entry.startsWith('unix:/')) return entry;
  const [, host = '', port = ''] = /^(.+):(\d{1,5})$/.exec(entry) ?? [];
  const name = normalise(host);
  const isHost = isIP(name) !== 0 || NAME.test(name);
  if (!isHost || Number(port) < 1 || Number(port) > 65_535)
    throw hostError('ERR_HOST_EGRESS_ENTRY', { subject: entry });
  return `${name}:${Number(port)}`;
}

/**
 * Parses an allow-list: `host:port` with a name or an address compared exactly, or `unix:/path`.
 * @throws ERR_HOST_EGRESS_ENTRY
 */
export function parseAllowList(entries: readonly string[], resolver: Resolver = resolveSystem): AllowList {
  const parsed = new Set(entries.map((entry) => parseEntry(entry)));
  const pinned = new Map<string, Promise<readonly LookupAddress[]>>();
  return {
    entries: [...parsed],
    allows: (to) => parsed.has('path' in to ? `unix:${to.path}` : `${normalise(to.host)}:${to.port}`),
    async resolve(host) {
      const name = normalise(host);
      const known = pinned.get(name) ?? resolveSafely(name, resolver);
      pinned.set(name, known);
      return known.catch((error: unknown) => {
        pinned.delete(name);
        throw error;
      });
    },
  };
}

async function resolveSystem(host: string): Promise<readonly LookupAddress[]> {
  return dns.lookup(host, { all: true });
}

async function resolveSafely(host: string, resolver: Resolver): Promise<readonly LookupAddress[]> {
  const addresses = (await resolver(host)).filter(({ address }) => !LINK_LOCAL.test(address));
  if (addresses.length === 0) throw hostError('ERR_HOST_EGRESS_REFUSED');
  return addresses;
}
