import {
  equalBytes,
  fromBase64,
  type GpuEvidence,
  type JsonValue,
  parseJson,
  sha256,
  toBase64,
  toHex,
  utf8,
} from '@cloister/core';
import { createOcspRequest, readCertificateFacts, readOcspFacts } from '@cloister/evidence/x509';

import { type CollateralKind, UNDATED_LIFETIME } from './collateral-kind.ts';
import type { ServiceClient } from './service-client.ts';
import type { CollateralServices } from './services.ts';
import { checked, wrongCollateral } from './wrong-collateral.ts';

const MAX_RIM = 8 * 1024 * 1024;
const MAX_STATUS = 64 * 1024;
const MAX_TOKEN = 1024 * 1024;

type Members = Readonly<Record<string, JsonValue>>;

/**
 * A reference integrity manifest, XML as signed. It has no end of its own, so it is kept for a day at most.
 * @param id NVIDIA's name for it, such as `NV_GPU_DRIVER_GH100_550.54.15`
 */
export function createRimKind(id: string, services: CollateralServices): CollateralKind<Uint8Array> {
  const url = `${services.nvidiaRim}/v1/rim/${encodeURIComponent(id)}`;
  return {
    key: `rim ${url}`,
    fetch: async (ask) => (await ask({ service: 'nvidia-rim', url, most: MAX_RIM })).body,
    open: (bytes, { fetchedAt }) =>
      checked('nvidia-rim', () => {
        const members = parseJson(bytes, { maxBytes: MAX_RIM }) as Members;
        const text = members['rim'];
        const value = fromBase64(typeof text === 'string' ? text : '');
        const digest = members['sha256'];
        const isIntact = typeof digest !== 'string' || digest.toLowerCase() === toHex(sha256(value));
        if (members['id'] !== id || !isIntact) throw wrongCollateral('nvidia-rim');
        return { value, issuedAt: fetchedAt, validUntil: fetchedAt + UNDATED_LIFETIME };
      }),
  };
}

/**
 * The status of one certificate, an OCSP response in DER. Checked: that it speaks of this certificate, and its dates.
 * Signature and status are for `evidence`.
 */
export function createOcspKind(
  certificate: Uint8Array,
  issuer: Uint8Array,
  services: CollateralServices,
): CollateralKind<Uint8Array> {
  const request = createOcspRequest(certificate, issuer);
  const { serial } = readCertificateFacts(certificate);
  return {
    key: `ocsp ${services.nvidiaOcsp} ${toHex(sha256(request))}`,
    fetch: async (ask) => {
      const body = { type: 'application/ocsp-request', bytes: request };
      return (await ask({ service: 'nvidia-ocsp', url: services.nvidiaOcsp, most: MAX_STATUS, body })).body;
    },
    open: (bytes, { fetchedAt }) =>
      checked('nvidia-ocsp', () => {
        const facts = readOcspFacts(bytes);
        if (!equalBytes(facts.serial, serial)) throw wrongCollateral('nvidia-ocsp');
        const validUntil = facts.nextUpdate ?? Math.min(facts.thisUpdate, fetchedAt) + UNDATED_LIFETIME;
        return { value: bytes, issuedAt: facts.thisUpdate, validUntil };
      }),
  };
}

/** The keys that sign NVIDIA's attestation tokens, a JWK set as text. Kept for a day at most. */
export function createTokenKeysKind(services: CollateralServices): CollateralKind<Uint8Array> {
  const url = `${services.nvidiaAttestation}/.well-known/jwks.json`;
  return {
    key: `jwks ${url}`,
    fetch: async (ask) => (await ask({ service: 'nvidia-nras', url, most: MAX_TOKEN })).body,
    open: (bytes, { fetchedAt }) =>
      checked('nvidia-nras', () => {
        const { keys } = parseJson(bytes, { maxBytes: MAX_TOKEN }) as Members;
        if (!Array.isArray(keys) || keys.length === 0) throw wrongCollateral('nvidia-nras');
        return { value: bytes, issuedAt: fetchedAt, validUntil: fetchedAt + UNDATED_LIFETIME };
      }),
  };
}

/**
 * Has GPUs attested by NVIDIA's remote service (API version 4). The answer is bound to the nonce, so it is never kept.
 * @param nonce 32 bytes; @param gpus of one architecture
 * @returns the answer as it came, JSON: overall token and one for each GPU
 */
export async function fetchGpuToken(
  ask: ServiceClient,
  services: CollateralServices,
  nonce: Uint8Array,
  gpus: readonly GpuEvidence[],
): Promise<Uint8Array> {
  const list = gpus.map(({ report, certChain }) => ({ evidence: toBase64(report), certificate: toBase64(certChain) }));
  const text = JSON.stringify({ nonce: toHex(nonce), arch: gpus[0]?.arch, evidence_list: list });
  const body = { type: 'application/json', bytes: utf8(text) };
  const url = `${services.nvidiaAttestation}/v4/attest/gpu`;
  const answer = await ask({ service: 'nvidia-nras', url, most: MAX_TOKEN, accept: 'application/json', body });
  return checked('nvidia-nras', () => {
    if (!Array.isArray(parseJson(answer.body, { maxBytes: MAX_TOKEN }))) throw wrongCollateral('nvidia-nras');
    return answer.body;
  });
}
