import { sha256, toBase64, toHex, utf8 } from '@cloister/core';
import { der } from '../tee/der-writer.ts';
import type { Answer } from './service-fault.ts';

const DAY = 86_400_000;

/** An element that holds the bytes of the SEQUENCE that names a certificate, cut from the request at its fixed place. */
function nameOfRequest(request: Uint8Array): Uint8Array {
  // OCSPRequest, TBSRequest, requestList, Request, CertID: five SEQUENCEs, one inside the other.
  let rest = request;
  for (let depth = 0; depth < 4; depth++) rest = rest.subarray((rest[1] ?? 0) < 0x80 ? 2 : 3);
  return rest;
}

function ocsp(request: Uint8Array, now: number, isWrong: boolean): Uint8Array {
  const time = (ms: number): Uint8Array =>
    der.element(0x18, utf8(new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, '')));
  const name = Uint8Array.from(nameOfRequest(request));
  if (isWrong) name[name.length - 1] = (name.at(-1) ?? 0) ^ 1;
  const single = der.sequence(name, der.element(0x80), time(now - DAY), der.element(0xa0, time(now + DAY)));
  const data = der.sequence(der.element(0xa2, der.octets(new Uint8Array(20))), time(now), der.sequence(single));
  const algorithm = der.sequence(der.identifier('1.2.840.10045.4.3.2'));
  const basic = der.sequence(data, algorithm, der.bits(new Uint8Array(64)));
  const typed = der.sequence(der.identifier('1.3.6.1.5.5.7.48.1.1'), der.octets(basic));
  return der.sequence(der.element(0x0a, Uint8Array.of(0)), der.element(0xa0, typed));
}

/** NVIDIA's manifests, certificate status, token keys and remote attestation in their forms. @param now ms since the epoch */
export function answerAsNvidia(url: URL, body: Uint8Array, now: number, isWrong: boolean): Answer | undefined {
  const json = (value: unknown): Answer => ({ body: utf8(JSON.stringify(value)) });
  const [, id] = /^\/v1\/rim\/([^/]+)$/.exec(url.pathname) ?? [];
  if (id !== undefined) {
    const rim = utf8(`<SoftwareIdentity name="${id}"/>`);
    return json({ id: isWrong ? 'another' : id, rim: toBase64(rim), sha256: toHex(sha256(rim)) });
  }
  if (url.pathname === '/ocsp') return { body: ocsp(body, now, isWrong) };
  if (url.pathname === '/.well-known/jwks.json')
    return json({ keys: isWrong ? [] : [{ kty: 'EC', kid: 'simulated' }] });
  if (url.pathname === '/v4/attest/gpu') return json(isWrong ? {} : [['JWT', 'simulated'], { 'GPU-0': 'simulated' }]);
  return undefined;
}
