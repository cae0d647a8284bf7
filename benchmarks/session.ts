import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom, type Tenant } from '@cloister/core';
import { createTenancy, localBroker } from '@cloister/tenancy';
import { assertPrincipal } from '@cloister/tenancy/unsafe';
import { printReport } from './report.ts';
import { measureAbort } from './session/measure-abort.ts';
import { measureClient } from './session/measure-client.ts';
import { measureEconomy, type Engine } from './session/measure-economy.ts';
import { measureMemory } from './session/measure-memory.ts';
import { startStandInProcess } from './stand-in-process.ts';

// What sessions cost: prompt tokens that each cache scope computes again (on the vLLM at CLOISTER_VLLM_URL, else on the stand-in),
// remembered turns, the end of a long session, what a session adds to a fetch beside what openai-node adds, and how long an
// abort takes to the engine.

const vllm = process.env['CLOISTER_VLLM_URL'];
const directory = await mkdtemp(join(tmpdir(), 'cloister-bench-'));
const tenancy = createTenancy({ broker: localBroker(join(directory, 'keys'), { key: systemRandom(32) }) });
const enter = (subject: string): Promise<Tenant> =>
  tenancy.tenant(
    assertPrincipal({
      issuer: 'bench',
      tenant: 'clinic',
      subject,
      groups: ['staff'],
      clearance: 'restricted',
      compartments: [],
      purpose: 'treatment',
    }),
  );

async function modelOf(url: string): Promise<Engine> {
  const { data } = (await (await fetch(`${url}/v1/models`)).json()) as { data: { id: string }[] };
  return { url, model: data[0]?.id ?? '' };
}

try {
  await using standIn = await startStandInProcess();
  const tenants = [await enter('dr-jones'), await enter('dr-smith')] as const;
  printReport('session', [
    ...(await measureEconomy(await modelOf(vllm === undefined ? standIn.url : new URL(vllm).origin), tenants)),
    ...(await measureMemory(tenants[0], directory)),
    ...(await measureClient(tenants[0])),
    ...(await measureAbort(tenants[0])),
  ]);
} finally {
  await tenancy.close();
  await rm(directory, { recursive: true });
}
