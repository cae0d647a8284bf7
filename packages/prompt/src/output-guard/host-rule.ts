import { promptError } from '../errors.ts';

/** Judges where a link would lead. */
export interface HostRule {
  /** Whether the target of a link, as it stands in Markdown or HTML, stays on the page's own host or on a listed one. */
  allowsTarget(target: string): boolean;
  /** Whether a host name, with or without a port, is listed. */
  allowsHost(host: string): boolean;
}

const HOST_NAME = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/;
/** A page that no target can name: what resolves to it is relative. */
const OWN_HOST = 'own.invalid';
/** Both, because `https:x` is relative on one kind of page and names a host on the other. */
const BASES = [`https://${OWN_HOST}/`, `http://${OWN_HOST}/`];

/**
 * The rule for a list of host names; `*.example.com` stands for every name below `example.com`.
 * @throws CloisterError ERR_PROMPT_HOST for an entry that is no host name
 */
export function createHostRule(hosts: readonly string[]): HostRule {
  const exact = new Set<string>();
  const suffixes: string[] = [];
  for (const host of hosts) {
    const name = host.startsWith('*.') ? host.slice(2) : host;
    if (!HOST_NAME.test(name)) throw promptError('ERR_PROMPT_HOST');
    if (name === host) exact.add(name);
    else suffixes.push(`.${name}`);
  }
  const isListed = (host: string): boolean => exact.has(host) || suffixes.some((suffix) => host.endsWith(suffix));
  const allowsUrl = (url: URL | null, base: string): boolean => {
    if (url === null) return false;
    if (url.origin === new URL(base).origin) return true;
    return (url.protocol === 'https:' || url.protocol === 'http:') && isListed(url.hostname);
  };
  return {
    allowsHost: (host) => isListed(URL.parse(`https://${host}/`)?.hostname ?? ''),
    allowsTarget: (target) =>
      readings(target).every((reading) => BASES.every((base) => allowsUrl(URL.parse(reading, base), base))),
  };
}

/** What a target may mean: as HTML reads it, and as Markdown does, where a backslash takes the meaning of what follows. */
function readings(target: string): readonly string[] {
  const decoded = decodeReferences(target);
  if (decoded === undefined) return ['javascript:'];
  return [decoded, decoded.replace(/\\([!-/:-@[-`{-~])/g, '$1')];
}

/** Character references undone; `undefined` when there is one that only a whole HTML parser knows. */
function decodeReferences(text: string): string | undefined {
  const decoded = text
    .replace(/&#x0*([0-9a-f]{1,6});?/gi, (_reference, hex: string) => fromCode(Number.parseInt(hex, 16)))
    .replace(/&#0*(\d{1,7});?/g, (_reference, digits: string) => fromCode(Number(digits)))
    .replace(/&amp;/gi, '&\u0000');
  return /&[a-z][a-z0-9]*;/i.test(decoded) ? undefined : decoded.replaceAll('&\u0000', '&');
}

function fromCode(code: number): string {
  return code <= 0x10_ffff ? String.fromCodePoint(code) : '\ufffd';
}
