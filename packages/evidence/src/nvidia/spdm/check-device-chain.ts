import { fromUtf8, sha256, toHex } from '@cloister/core';
import type { CheckList } from '../../check.ts';
import { evidenceError } from '../../errors.ts';
import { type DerElement, malformed, readSequence, TAG } from '../../der/der-reader.ts';
import { readChildren } from '../../der/der-values.ts';
import type { Certificate } from '../../x509/parse-certificate.ts';
import { parsePemChain } from '../../x509/parse-pem-chain.ts';
import { areValidAt, AUTHORITY_USAGE, verifyCertificateChain } from '../../x509/verify-certificate-chain.ts';
import { isTrusted } from '../nvidia-roots.ts';

/** A GPU's certificates, with what the first says about the device. */
export interface DeviceChain {
  readonly leaf: Certificate;
  readonly root: Certificate;
  /** The chip, for example `GH100`. */
  readonly chip: string | undefined;
  /** The chip's own authority (second certificate) by its key: the same for every report of one device, hex. */
  readonly device: string;
  /** Digest of the firmware that the certificate was made for, 48 bytes. */
  readonly firmwareId: Uint8Array | undefined;
  readonly certificates: readonly Certificate[];
}

const LENGTH = 5;
const HASH_LENGTH = 48;
/** TCG DICE identity, 2.23.133.5.4.1: version, key, firmware digest. */
const FIRMWARE_EXTENSION = '678105050401';
const CHIP = /^(G[A-Z]\d{3}) /;

function readFirmwareId(leaf: Certificate): Uint8Array | undefined {
  const extension = leaf.extensions.get(FIRMWARE_EXTENSION);
  if (extension === undefined) return undefined;
  const fields = readSequence(extension.value);
  let last: DerElement | undefined;
  while (!fields.done) last = fields.any();
  const digest = last?.tag === TAG.sequence ? readChildren(last).at(-1) : undefined;
  if (digest?.tag !== TAG.octetString || digest.content.length !== HASH_LENGTH) throw malformed(0);
  return digest.content;
}

function parseDeviceChain(pem: Uint8Array): DeviceChain {
  const certificates = parsePemChain(decode(pem));
  const [leaf, chipAuthority] = certificates;
  const root = certificates.at(-1);
  if (leaf === undefined || chipAuthority === undefined || root === undefined || certificates.length !== LENGTH)
    throw evidenceError('ERR_EVIDENCE_CERTIFICATE_MALFORMED');
  const chip = CHIP.exec(leaf.subject.commonName ?? '')?.[1];
  const device = toHex(sha256(chipAuthority.publicKey));
  return { leaf, root, chip, device, firmwareId: readFirmwareId(leaf), certificates };
}

function decode(pem: Uint8Array): string {
  try {
    return fromUtf8(pem);
  } catch {
    throw evidenceError('ERR_EVIDENCE_CERTIFICATE_MALFORMED');
  }
}

/**
 * Checks `gpu.chain-format`, `gpu.root`, `gpu.chain` and `gpu.validity`: exactly five certificates up to a trusted root.
 * @returns the chain if all hold
 */
export async function checkDeviceChain(
  list: CheckList,
  pem: Uint8Array,
  { now, roots }: { readonly now: number; readonly roots: readonly Uint8Array[] },
): Promise<DeviceChain | undefined> {
  const chain = list.attempt('gpu.chain-format', 'ERR_EVIDENCE_CERTIFICATE_MALFORMED', () => parseDeviceChain(pem));
  if (chain === undefined) return undefined;
  const { certificates, root } = chain;
  if (!list.require('gpu.root', isTrusted(root, roots), 'ERR_EVIDENCE_ROOT_UNTRUSTED')) return undefined;
  // The chip's own authority may issue certificates only, not revocation lists.
  const isChain = await verifyCertificateChain(certificates, 'end-entity', { usage: AUTHORITY_USAGE.certificates });
  const isValid = areValidAt(certificates, now);
  list.require('gpu.chain', isChain, 'ERR_EVIDENCE_CHAIN_INVALID');
  list.require('gpu.validity', isValid, 'ERR_EVIDENCE_CERTIFICATE_EXPIRED');
  return isChain && isValid ? chain : undefined;
}
