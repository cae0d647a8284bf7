import { equalBytes, sha256, sha384, toHex, utf8 } from '@cloister/core';
import { assertChecks, type CheckList, createCheckList } from '../check.ts';
import { COMMON_ERRORS } from '../errors.ts';
import { verifyEcdsa } from '../ecdsa/verify-ecdsa.ts';
import { NVIDIA_ERRORS } from '../nvidia/errors.ts';
import { isGenuine, isTrusted, NVIDIA_ROOTS, type NvidiaRoots } from '../nvidia/nvidia-roots.ts';
import { judgeStatuses } from '../nvidia/ocsp/judge-statuses.ts';
import {
  type GoldenMeasurements,
  mintReference,
  type ReferenceMeasurements,
} from '../nvidia/spdm/reference-measurements.ts';
import type { Certificate } from '../x509/parse-certificate.ts';
import { areValidAt, verifyCertificateChain } from '../x509/verify-certificate-chain.ts';
import { canonicalize } from './canonicalize.ts';
import { RIM_CHECK_IDS } from './checks.ts';
import { RIM_ERRORS } from './errors.ts';
import { readMeasurements } from './read-measurements.ts';
import { readSignature } from './read-signature.ts';
import { readXml } from './read-xml.ts';

/** What a manifest is verified with. */
export interface VerifyReferenceManifestOptions {
  /** Verification time, ms since the epoch. */
  readonly now: number;
  /** NVIDIA's unless said. */
  readonly roots?: Pick<NvidiaRoots, 'referenceValues'> | undefined;
  /** OCSP responses, DER, for all its certificates but the root. Without them revocation is not judged. */
  readonly statuses?: readonly Uint8Array[] | undefined;
}

interface Manifest {
  readonly golden: GoldenMeasurements;
  readonly certificates: readonly Certificate[];
  /** The digest that the signature names, and that of the text. */
  readonly digests: readonly [named: Uint8Array, own: Uint8Array];
  /** What is signed, and r || s. */
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

function parseManifest(bytes: Uint8Array): Manifest {
  const root = readXml(bytes);
  const { element, signedInfo, digest, value, certificates } = readSignature(root);
  return {
    golden: readMeasurements(root),
    certificates,
    digests: [digest, sha384(utf8(canonicalize(root, element)))],
    signed: utf8(canonicalize(signedInfo)),
    signature: value,
  };
}

async function checkRevocation(
  list: CheckList,
  certificates: readonly Certificate[],
  { now, statuses }: Pick<VerifyReferenceManifestOptions, 'now' | 'statuses'>,
): Promise<number> {
  if (statuses === undefined) {
    list.skip('rim.revocation', 'Nobody passed an answer of the vendor about revocation.');
    return Number.POSITIVE_INFINITY;
  }
  const { refusal, expiresAt } = await judgeStatuses(certificates, statuses, now);
  list.require('rim.revocation', refusal === undefined, refusal ?? 'ERR_EVIDENCE_GPU_REVOCATION_MISSING');
  return expiresAt;
}

/** @returns the last moment at which all of it holds, ms since the epoch */
async function checkManifest(
  list: CheckList,
  { certificates, digests, signed, signature }: Manifest,
  { now, roots = NVIDIA_ROOTS, statuses }: VerifyReferenceManifestOptions,
): Promise<number> {
  const [leaf, root] = [certificates[0], certificates.at(-1)];
  const isRooted = root !== undefined && isTrusted(root, roots.referenceValues);
  if (!list.require('rim.root', isRooted, 'ERR_EVIDENCE_ROOT_UNTRUSTED') || leaf === undefined) return 0;
  const isChain = await verifyCertificateChain(certificates, 'end-entity');
  list.require('rim.chain', isChain, 'ERR_EVIDENCE_CHAIN_INVALID');
  list.require('rim.validity', areValidAt(certificates, now), 'ERR_EVIDENCE_CERTIFICATE_EXPIRED');
  const statusesUntil = await checkRevocation(list, certificates, { now, statuses });
  list.require('rim.digest', equalBytes(...digests), 'ERR_EVIDENCE_RIM_DIGEST');
  const isSigned = await verifyEcdsa(leaf.publicKey, signed, signature);
  list.require('rim.signature', isSigned, 'ERR_EVIDENCE_RIM_SIGNATURE');
  return Math.min(statusesUntil, ...certificates.map(({ notAfter }) => notAfter));
}

/**
 * Verifies a reference integrity manifest of NVIDIA: XML with one enveloped signature (ECDSA-SHA-384 over canonical XML)
 * over the whole of it, by certificates that it holds, up to a trusted root.
 * @param bytes the file as NVIDIA serves it
 * @returns a handle for `references` in the collateral of GPUs
 * @throws AppraisalError with the code of the first failed check and the whole list in `checks`
 */
export async function verifyReferenceManifest(
  bytes: Uint8Array,
  options: VerifyReferenceManifestOptions,
): Promise<ReferenceMeasurements> {
  const list = createCheckList({ ids: RIM_CHECK_IDS, errors: { ...COMMON_ERRORS, ...NVIDIA_ERRORS, ...RIM_ERRORS } });
  const manifest = list.attempt('rim.format', 'ERR_EVIDENCE_RIM_MALFORMED', () => parseManifest(bytes));
  const expiresAt = manifest === undefined ? 0 : await checkManifest(list, manifest, options);
  assertChecks(list, { complete: true });
  const { golden, certificates } = manifest as Manifest;
  const handle = {
    kind: golden.kind,
    version: golden.version,
    sha256: toHex(sha256(bytes)),
    simulated: !isGenuine(certificates.at(-1) as Certificate, 'referenceValues'),
    expiresAt,
  };
  return mintReference(handle, {
    ...golden,
    chain: certificates,
    revocation: options.statuses === undefined ? 'unchecked' : 'good',
  });
}
