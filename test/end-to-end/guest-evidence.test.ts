import { attest } from '@cloister/client';
import { toHex } from '@cloister/core';
import { createGateway } from '@cloister/gateway';
import { createEvidenceProvider } from '@cloister/host';
import { startCocoAgent } from '@cloister/simulator/guest';
import { createSimulatedTee } from '@cloister/simulator/tee';
import { createApiKeyDirectory } from '@cloister/tenancy';
import { expect, it } from 'vitest';

it('a client accepts what a gateway got from the agent of its guest', async () => {
  const tee = await createSimulatedTee();
  await using agent = await startCocoAgent({ provider: tee.provider });
  const provider = createEvidenceProvider({ provider: 'coco', port: agent.port });
  await using gateway = await createGateway({
    config: { upstream: 'http://127.0.0.1:1' },
    evidence: { ...provider, collateral: async () => tee.collateral },
    principals: createApiKeyDirectory([], { issuer: 'test' }),
  });
  const policy = { tee: 'tdx', workload: tee.workload, deployment: toHex(gateway.deployment) } as const;
  await using enclave = await attest(await gateway.listen(), { policy, roots: tee.roots });
  expect(enclave.identity).toMatchObject({ tee: 'tdx', simulated: true, tcbStatus: 'UpToDate' });
  expect(agent.requests).toHaveLength(1);
});
