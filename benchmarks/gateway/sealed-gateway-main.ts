import { createGateway } from '@cloister/gateway';
import { createSimulatedTee } from '@cloister/simulator/tee';
import { createApiKey, createApiKeyDirectory } from '@cloister/tenancy';

// The gateway alone, under a simulated TEE, in a process of its own.

const [upstream = ''] = process.argv.slice(2);
const tee = await createSimulatedTee();
const { apiKey, sha256 } = createApiKey();
const caller = { tenant: 'clinic', subject: 'ada', groups: [], clearance: 'restricted', purpose: 'treatment' } as const;
const gateway = await createGateway({
  config: { upstream },
  evidence: tee.provider,
  principals: createApiKeyDirectory([{ ...caller, sha256 }], { issuer: 'clinic.example' }),
});
process.stdout.write(`${JSON.stringify({ url: await gateway.listen(), apiKey })}\n`);
process.stdin.resume();
process.stdin.once('end', () => process.exit());
