import { concat, sha384, utf8 } from '@cloister/core';
import { der } from '../tee/der-writer.ts';
import { createGpuCertificate, type GpuCertificate } from './create-gpu-certificate.ts';
import type { GpuFault } from './gpu-faults.ts';
import { createP384Key } from './p384-key.ts';

const DAY = 86_400_000;
const ECDSA_WITH_SHA384 = der.sequence(der.identifier('1.2.840.10045.4.3.3'));

/** Answers about certificates as NVIDIA's OCSP service does: by a responder of the issuer, at the root by itself. */
export interface OcspResponder {
  /** An OCSP response (RFC 6960), DER. */
  answer(subject: GpuCertificate, issuer: GpuCertificate): Uint8Array;
}

function time(ms: number): Uint8Array {
  return der.element(0x18, utf8(new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, '')));
}

function createStatus(now: number, faults: ReadonlySet<GpuFault>): Uint8Array {
  if (faults.has('ocsp-revoked')) return der.element(0xa1, time(now - DAY));
  return der.element(faults.has('ocsp-unknown') ? 0x82 : 0x80);
}

function createData(
  [subject, issuer, signer]: readonly [GpuCertificate, GpuCertificate, GpuCertificate],
  now: number,
  faults: ReadonlySet<GpuFault>,
): Uint8Array {
  const key = concat(Uint8Array.of(0x04), issuer.key.publicKey);
  const name = der.sequence(
    der.sequence(der.identifier('2.16.840.1.101.3.4.2.2'), der.element(0x05)),
    der.octets(sha384(issuer.subject)),
    der.octets(sha384(faults.has('ocsp-other-certificate') ? subject.key.publicKey : key)),
    subject.serialNumber,
  );
  const end = faults.has('ocsp-expired') ? now - 1000 : now + DAY;
  const single = der.sequence(name, createStatus(now, faults), time(now - DAY), der.element(0xa0, time(end)));
  return der.sequence(der.element(0xa1, signer.subject), time(now - DAY), der.sequence(single));
}

/** A responder of one simulated vendor. @param now ms since the epoch */
export function createOcspResponder(now: number, faults: ReadonlySet<GpuFault>): OcspResponder {
  const appointed = new Map<GpuCertificate, GpuCertificate>();
  const appoint = (issuer: GpuCertificate): GpuCertificate => {
    const known = appointed.get(issuer);
    if (known !== undefined) return known;
    const responder = createGpuCertificate({
      commonName: 'NVIDIA OCSP Responder',
      issuer: faults.has('ocsp-responder-foreign') ? createRoot(now) : issuer,
      notBefore: now - DAY,
      notAfter: faults.has('ocsp-responder-expired') ? now - 1000 : now + 30 * DAY,
      ...(faults.has('ocsp-responder-unappointed') ? {} : { purpose: 'ocsp-signing' as const }),
    });
    appointed.set(issuer, responder);
    return responder;
  };
  return {
    answer(subject, issuer) {
      if (faults.has('ocsp-error')) return der.sequence(der.element(0x0a, Uint8Array.of(6)));
      const signer = issuer.isRoot ? issuer : appoint(issuer);
      const data = createData([subject, issuer, signer], now, faults);
      const key = faults.has('ocsp-signature-foreign') ? createP384Key() : signer.key;
      const certificates = issuer.isRoot ? [] : [der.element(0xa0, der.sequence(signer.raw))];
      const basic = der.sequence(data, ECDSA_WITH_SHA384, der.bits(key.sign(data, 'der')), ...certificates);
      const typed = der.sequence(der.identifier('1.3.6.1.5.5.7.48.1.1'), der.octets(basic));
      return der.sequence(der.element(0x0a, Uint8Array.of(0)), der.element(0xa0, typed));
    },
  };
}

function createRoot(now: number): GpuCertificate {
  return createGpuCertificate({
    commonName: 'Nobody',
    authority: 'full',
    notBefore: now - DAY,
    notAfter: now + 30 * DAY,
  });
}
