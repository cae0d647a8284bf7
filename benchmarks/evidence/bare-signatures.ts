import { Buffer } from 'node:buffer';
import { createPublicKey, verify, X509Certificate } from 'node:crypto';

/** One signature and the key that made it. */
export interface BareSignature {
  /** SubjectPublicKeyInfo, DER. */
  readonly key: Uint8Array;
  readonly hash: 'sha256' | 'sha384';
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  /** `der` as in certificates, `ieee-p1363` as in quotes. */
  readonly encoding: 'der' | 'ieee-p1363';
}

function element(bytes: Uint8Array, offset: number): { readonly start: number; readonly end: number } {
  const first = bytes[offset + 1] ?? 0;
  const count = first < 0x80 ? 0 : first & 0x7f;
  const length = count === 0 ? first : Buffer.from(bytes).readUIntBE(offset + 2, count);
  const start = offset + 2 + count;
  return { start, end: start + length };
}

/** The signature of a certificate or revocation list (RFC 5280 section 4.1.1: content, algorithm, signature). */
export function signedBy(issuer: X509Certificate, der: Uint8Array): BareSignature {
  const content = element(der, 0).start;
  const algorithm = element(der, content).end;
  const signature = element(der, element(der, algorithm).end);
  return {
    key: publicKeyOf(issuer),
    hash: 'sha256',
    message: der.subarray(content, algorithm),
    signature: der.subarray(signature.start + 1, signature.end),
    encoding: 'der',
  };
}

/** SubjectPublicKeyInfo of a certificate, DER. */
export function publicKeyOf(certificate: X509Certificate): Uint8Array {
  return certificate.publicKey.export({ format: 'der', type: 'spki' });
}

/** Certificates of a PEM text. */
export function certificatesOf(pem: string): X509Certificate[] {
  return (pem.match(/-----BEGIN[^]*?-----END CERTIFICATE-----/g) ?? []).map((block) => new X509Certificate(block));
}

/** Verifies all of them on this thread, importing each key once as any verifier has to. Throws if one does not hold. */
export function verifyBare(signatures: readonly BareSignature[]): void {
  const keys = new Map<string, ReturnType<typeof createPublicKey>>();
  for (const { key: spki, hash, message, signature, encoding } of signatures) {
    const name = Buffer.from(spki).toString('latin1');
    const key = keys.get(name) ?? createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    keys.set(name, key);
    const options = encoding === 'der' ? key : { key, dsaEncoding: encoding };
    if (!verify(hash, message, options, signature)) throw new Error('a bare signature does not hold');
  }
}
