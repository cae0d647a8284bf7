import { fromHex, utf8 } from '@cloister/core';
import type { SimulatedSnp } from '../snp/create-simulated-snp.ts';
import { createCertificate, createExtension, createRevocationList, toPem } from '../tee/create-certificate.ts';
import { der } from '../tee/der-writer.ts';
import type { Answer } from './service-fault.ts';

const DAY = 86_400_000;
const YEAR = 365 * DAY;
const ARC = '1.3.6.1.4.1.3704.1';
const LEVELS: readonly (readonly [parameter: string, arc: string])[] = [
  ['blSPL', '3.1'],
  ['teeSPL', '3.2'],
  ['snpSPL', '3.3'],
  ['ucodeSPL', '3.8'],
  ['fmcSPL', '3.9'],
];

/** AMD's key distribution service, whose certificates have the right form and contents under keys of its own. */
export type AmdAnswers = (
  url: URL,
  options: {
    readonly isWrong: boolean;
    /** A machine whose own certificates and list are served for its line: the ones that verify. */
    readonly machine: SimulatedSnp | undefined;
  },
) => Answer | undefined;

/** What the service says of a machine; its chip's certificate whichever TCB is asked for. */
function answerOf({ collateral: { certs, crls } }: SimulatedSnp, last: string): Answer | undefined {
  const [vek, authority, root] = certs;
  const [list] = crls;
  if (last === 'cert_chain') return authority && root && { body: utf8(toPem(authority) + toPem(root)) };
  const body = last === 'crl' ? list : vek;
  return body && { body };
}

/** Makes a PKI of the service around `now`, ms since the epoch. Its keys are P-256: nothing here is to verify. */
export function createAmdAnswers(now: number): AmdAnswers {
  const dates = { notBefore: now - YEAR, notAfter: now + 20 * YEAR };
  const root = createCertificate({ commonName: 'ARK-Simulated', pathLength: 1, ...dates });
  const authority = createCertificate({ commonName: 'SEV-Simulated', issuer: root, pathLength: 0, ...dates });
  const list = createRevocationList({ issuer: root, thisUpdate: now - DAY, nextUpdate: now + 30 * DAY, revoked: [] });
  const stranger = createCertificate({ commonName: 'ARK-Stranger', pathLength: 1, ...dates });
  const issue = (url: URL, id: string, isWrong: boolean): Answer => {
    const levels = LEVELS.filter(([parameter]) => url.searchParams.has(parameter)).map(([parameter, arc]) =>
      createExtension(`${ARC}.${arc}`, der.number(Number(url.searchParams.get(parameter))), false),
    );
    const chip = fromHex(isWrong ? '00'.repeat(id.length / 2) : id);
    const extensions = [...levels, createExtension(`${ARC}.4`, chip, false)];
    return { body: createCertificate({ commonName: 'SEV-VCEK', issuer: authority, ...dates, extensions }).raw };
  };
  return (url, { isWrong, machine }) => {
    const [, what, line = '', last = ''] = /^\/(vcek|vlek)\/v1\/([^/]+)\/([^/]+)$/.exec(url.pathname) ?? [];
    if (what === undefined || !['Milan', 'Genoa', 'Turin'].includes(line)) return undefined;
    if (!isWrong && machine?.roots.amd?.[0]?.line === line) return answerOf(machine, last);
    if (last === 'cert_chain') return { body: utf8(authority.pem + (isWrong ? stranger : root).pem) };
    if (last === 'crl') return { body: isWrong ? authority.raw : list };
    const isChip = what === 'vcek' && (line === 'Turin' ? /^[0-9a-f]{16}$/ : /^[0-9a-f]{128}$/).test(last);
    const isTurin = url.searchParams.has('fmcSPL');
    return isChip && isTurin === (line === 'Turin') ? issue(url, last, isWrong) : undefined;
  };
}
