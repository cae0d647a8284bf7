import { attest, createCollateral } from '@cloister/client';
import { type EvidenceProvider, toHex } from '@cloister/core';
import type { SnpEvidencePolicy } from '@cloister/evidence';
import { createGateway } from '@cloister/gateway';
import { startCollateralServices } from '@cloister/simulator/collateral-services';
import { createSimulatedSnp, type SimulatedSnp, type SimulatedSnpOptions } from '@cloister/simulator/snp';
import { createSimulatedTee } from '@cloister/simulator/tee';
import { startVllmStandIn, type VllmStandIn } from '@cloister/simulator/vllm';
import { createApiKey, createApiKeyDirectory } from '@cloister/tenancy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const { apiKey, sha256 } = createApiKey();
const caller = {
  tenant: 'tenant-1',
  subject: 'developer',
  groups: [],
  clearance: 'restricted',
  purpose: 'test',
} as const;
const principals = createApiKeyDirectory([{ ...caller, sha256 }], { issuer: 'simulated' });

let engine: VllmStandIn;

beforeAll(async () => {
  engine = await startVllmStandIn();
  // The vendor's two keys of 4096 bits are made once.
  await createSimulatedSnp();
}, 120_000);
afterAll(() => engine.close());

interface Running extends AsyncDisposable {
  readonly url: string;
  readonly snp: SimulatedSnp;
  readonly policy: SnpEvidencePolicy;
}

/** A host that gives certificates and list along, unless it is `mute`. */
async function start(options: SimulatedSnpOptions, host: 'helpful' | 'mute' = 'helpful'): Promise<Running> {
  const snp = await createSimulatedSnp(options);
  const collect: EvidenceProvider['collect'] = async (reportData) => {
    const evidence = await snp.provider.collect(reportData);
    return host === 'mute' && evidence.tee === 'sev-snp' ? { tee: 'sev-snp', report: evidence.report } : evidence;
  };
  const evidence = { ...snp.provider, collect };
  const gateway = await createGateway({ config: { upstream: engine.url }, evidence, principals });
  const { minimumTcb, workload } = snp;
  return {
    url: await gateway.listen(),
    snp,
    policy: { tee: 'sev-snp', minimumTcb, workload, deployment: toHex(gateway.deployment) },
    [Symbol.asyncDispose]: () => gateway.close(),
  };
}

async function askModel(fetch: typeof globalThis.fetch, url: string): Promise<number> {
  const body = { model: engine.model, messages: [{ role: 'user', content: 'Hello.' }], max_tokens: 8 };
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  const response = await fetch(`${url}/chat/completions`, { method: 'POST', headers, body: JSON.stringify(body) });
  await response.text();
  return response.status;
}

describe('a gateway in a SEV-SNP guest', () => {
  it.each([
    { line: 'Milan', signer: 'vlek', version: 2 },
    { line: 'Genoa', signer: 'vcek', version: 3 },
    { line: 'Turin', signer: 'vcek', version: 5 },
  ] as const)('$line, $signer, version $version: attested, then answers through the seal', async (options) => {
    await using running = await start(options);
    await using enclave = await attest(running.url, { policy: running.policy, roots: running.snp.roots });
    expect(enclave.identity).toMatchObject({ tee: 'sev-snp', simulated: true, tcbStatus: 'MeetsFloor' });
    expect(await askModel(enclave.fetch, enclave.baseURL)).toBe(200);
  });

  it.each([
    ['debug', 'ERR_EVIDENCE_SNP_DEBUG'],
    ['list-expired', 'ERR_EVIDENCE_CRL_EXPIRED'],
    ['tcb-old', 'ERR_EVIDENCE_SNP_TCB_TOO_OLD'],
    ['measurement-other', 'ERR_EVIDENCE_MEASUREMENT_MISMATCH'],
  ] as const)('with fault %s gets nothing', async (fault, code) => {
    await using running = await start({ faults: [fault] });
    await expect(attest(running.url, { policy: running.policy, roots: running.snp.roots })).rejects.toMatchObject({
      code,
    });
  });

  it('whose host gives nothing along: certificates and list come from the key distribution service', async () => {
    await using running = await start({ line: 'Turin' }, 'mute');
    const { snp, policy, url } = running;
    const { collateral: intel } = await createSimulatedTee();
    await using standIn = await startCollateralServices({ intel, amd: snp });
    const collateral = createCollateral({ whenDown: 'require', services: standIn.services });
    await using enclave = await attest(url, { policy, roots: snp.roots, collateral });
    expect(enclave.identity).toMatchObject({ tee: 'sev-snp', tcbStatus: 'MeetsFloor' });
    expect(standIn.requests).toHaveLength(3);
    await expect(attest(url, { policy, roots: snp.roots })).rejects.toMatchObject({
      code: 'ERR_EVIDENCE_SNP_CERTIFICATES_MISSING',
    });
  });

  it('is refused without its test roots', async () => {
    await using running = await start({});
    await expect(attest(running.url, { policy: running.policy })).rejects.toMatchObject({
      code: 'ERR_EVIDENCE_ROOT_UNTRUSTED',
    });
  });
});
