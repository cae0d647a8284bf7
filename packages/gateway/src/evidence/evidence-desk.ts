import type { EvidenceProvider } from '@cloister/core';
import type { DeploymentSignature } from '@cloister/evidence';
import { createGpuNonce, createNonceRoot, createReportData, encodeEvidenceBundle } from '@cloister/evidence';
import { gatewayError } from '../errors.ts';
import type { KeysetHolder } from './keyset-holder.ts';

/** Most callers that share one quote (DESIGN 6.1). */
const MAX_BATCH = 256;
/** Most callers that wait. */
const MAX_WAITING = 1024;

interface Waiting {
  readonly nonce: Uint8Array;
  resolve(bundle: string): void;
  reject(error: unknown): void;
}

/** What every bundle is made of beside the keyset. */
export interface EvidenceSource {
  readonly evidence: EvidenceProvider;
  /** The owner's word for the deployment, where there is one. */
  readonly deploymentSignature?: DeploymentSignature;
}

/** Hands out evidence for nonces. */
export interface EvidenceDesk {
  /**
   * The bundle for one caller, as JSON text. Callers that arrive while a quote is made share the next one.
   * @param nonce 32 bytes
   * @throws ERR_GATEWAY_EVIDENCE_BUSY, ERR_GATEWAY_EVIDENCE_UNAVAILABLE
   */
  issue(nonce: Uint8Array): Promise<string>;
}

/** Creates the desk over the machine's evidence provider. */
export function createEvidenceDesk(source: EvidenceSource, keysets: KeysetHolder): EvidenceDesk {
  const waiting: Waiting[] = [];
  let working = false;
  const work = async (): Promise<void> => {
    working = true;
    while (waiting.length > 0) await serve(source, keysets, waiting.splice(0, MAX_BATCH));
    working = false;
  };
  return {
    issue(nonce) {
      if (waiting.length >= MAX_WAITING) return Promise.reject(gatewayError('ERR_GATEWAY_EVIDENCE_BUSY'));
      return new Promise((resolve, reject) => {
        waiting.push({ nonce, resolve, reject });
        if (!working) void work();
      });
    },
  };
}

async function serve(source: EvidenceSource, keysets: KeysetHolder, batch: readonly Waiting[]): Promise<void> {
  try {
    const nonces = batch.map((caller) => caller.nonce);
    const bundles = await createBundles(source, keysets, nonces);
    for (const [index, caller] of batch.entries()) caller.resolve(bundles[index] ?? '');
  } catch {
    // The provider's own error may name files of the machine; callers outside get the fact alone.
    for (const caller of batch) caller.reject(gatewayError('ERR_GATEWAY_EVIDENCE_UNAVAILABLE'));
  }
}

async function createBundles(
  { evidence: provider, deploymentSignature }: EvidenceSource,
  keysets: KeysetHolder,
  nonces: readonly Uint8Array[],
): Promise<string[]> {
  const keyset = await keysets.current();
  const { root, proofs } = createNonceRoot(nonces);
  const gpus = await provider.collectGpus(createGpuNonce(root));
  const cpu = await provider.collect(createReportData({ nonceRoot: root, keyset: keyset.bytes, gpus }));
  const collateral = await provider.collateral?.();
  return proofs.map((nonceProof, index) =>
    encodeEvidenceBundle({
      version: 1,
      nonce: nonces[index] ?? new Uint8Array(0),
      nonceProof,
      keyset: keyset.bytes,
      cpu,
      gpus,
      ...(collateral === undefined ? {} : { collateral }),
      ...(deploymentSignature === undefined ? {} : { deploymentSignature }),
    }),
  );
}
