import { verifyRsaPkcs1 } from '#rsa';
import { fromBase64 } from '@cloister/core';
import type { CheckList } from '../../check.ts';
import { verifyEcdsa } from '../../ecdsa/verify-ecdsa.ts';
import { evidenceError } from '../../errors.ts';
import { type Certificate, parseCertificate } from '../../x509/parse-certificate.ts';
import { areValidAt, verifyCertificateChain } from '../../x509/verify-certificate-chain.ts';
import { isTrusted } from '../nvidia-roots.ts';

/** Certificates by the name of the key that the first one holds: the service's key set as far as it matters here. */
export type NrasKeys = Readonly<Record<string, readonly string[]>>;

/** A key of the attestation service, up to the trusted certificate. */
export interface NrasKey {
  readonly leaf: Certificate;
  readonly anchor: Certificate;
  /** Last valid moment, ms since the epoch. */
  readonly expiresAt: number;
}

const MAX_CERTIFICATES = 4;
const P384_LENGTH = 96;
const RSA_LENGTH = 256;

function parseChain(x5c: readonly string[]): readonly Certificate[] {
  if (x5c.length < 2 || x5c.length > MAX_CERTIFICATES) throw evidenceError('ERR_EVIDENCE_CERTIFICATE_MALFORMED');
  return x5c.map((text) => parseCertificate(decode(text)));
}

function decode(text: string): Uint8Array {
  try {
    return fromBase64(text);
  } catch {
    throw evidenceError('ERR_EVIDENCE_CERTIFICATE_MALFORMED');
  }
}

/** The service's intermediate has an RSA key, all others lie on P-384; the length says which padding or curve. */
async function verifySignature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const verify = signature.length === RSA_LENGTH ? verifyRsaPkcs1 : verifyEcdsa;
  return verify(publicKey, message, signature);
}

/**
 * Checks `nras.root`, `nras.chain` and `nras.validity`: from the key's certificate up to a trusted one; what stands above
 * it in the chain is not looked at.
 * @param x5c base64 of DER, the key's certificate first
 * @returns the key if all hold
 */
export async function checkNrasKey(
  list: CheckList,
  x5c: readonly string[],
  { now, trusted }: { readonly now: number; readonly trusted: readonly Uint8Array[] },
): Promise<NrasKey | undefined> {
  const all = list.attempt('nras.chain', 'ERR_EVIDENCE_CERTIFICATE_MALFORMED', () => parseChain(x5c));
  if (all === undefined) return undefined;
  const end = all.findIndex((certificate, index) => index > 0 && isTrusted(certificate, trusted));
  const [leaf, anchor] = [all[0], all[end]];
  const isRooted = list.require('nras.root', end > 0, 'ERR_EVIDENCE_ROOT_UNTRUSTED');
  if (!isRooted || leaf === undefined || anchor === undefined) return undefined;
  const chain = all.slice(0, end + 1);
  const isChain =
    leaf.publicKey.length === P384_LENGTH &&
    (await verifyCertificateChain(chain, 'end-entity', { verify: verifySignature }));
  const isValid = areValidAt(chain, now);
  list.require('nras.chain', isChain, 'ERR_EVIDENCE_CHAIN_INVALID');
  list.require('nras.validity', isValid, 'ERR_EVIDENCE_CERTIFICATE_EXPIRED');
  if (!isChain || !isValid) return undefined;
  return { leaf, anchor, expiresAt: Math.min(...chain.map(({ notAfter }) => notAfter)) };
}
