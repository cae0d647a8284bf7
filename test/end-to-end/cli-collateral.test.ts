import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTerminal, runCli } from '@cloister/cli';
import { attest, createCollateral } from '@cloister/client';
import { systemRandom, toBase64, toHex } from '@cloister/core';
import { createGateway } from '@cloister/gateway';
import { createSimulatedSnp, type SimulatedSnp } from '@cloister/simulator/snp';
import { startVllmStandIn } from '@cloister/simulator/vllm';
import { createApiKey, createApiKeyDirectory } from '@cloister/tenancy';
import { afterAll, beforeAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'cloister-cli-'));
const stack = new AsyncDisposableStack();
let snp: SimulatedSnp;
let url: string;
/** `--policy`, `--roots` and `--collateral` with their files. */
let policy: readonly string[];
let roots: readonly string[];
let collateral: readonly string[];

function file(name: string, content: Uint8Array | object): string {
  writeFileSync(join(folder, name), content instanceof Uint8Array ? content : JSON.stringify(content));
  return join(folder, name);
}

async function cli(...words: string[]): Promise<{ status: number; first: string | undefined }> {
  let out = '';
  const sinks = { stdout: { write: (part: string) => (out += part) }, stderr: { write: () => undefined } };
  const status = await runCli(words, createTerminal(sinks, {}));
  return { status, first: out.split('\n')[0] };
}

/** AMD's service, for the one simulated platform. */
const amd: typeof fetch = async (input) => {
  const { pathname } = new URL(input instanceof Request ? input.url : input);
  const [vek, ...chain] = snp.collateral.certs ?? [];
  const pem = (der: Uint8Array): string => `-----BEGIN CERTIFICATE-----\n${toBase64(der)}\n-----END CERTIFICATE-----\n`;
  if (pathname.endsWith('/cert_chain')) return new Response(chain.map(pem).join(''));
  return new Response((pathname.endsWith('/crl') ? snp.collateral.crls?.[0] : vek) as BodyInit | undefined);
};

beforeAll(async () => {
  snp = await createSimulatedSnp();
  const standIn = await startVllmStandIn();
  stack.defer(() => standIn.close());
  const caller = { tenant: 'one', subject: 'developer', groups: [], clearance: 'internal', purpose: 'test' } as const;
  const principals = createApiKeyDirectory([{ ...caller, sha256: createApiKey().sha256 }], { issuer: 'simulated' });
  const gateway = await createGateway({ config: { upstream: standIn.url }, evidence: snp.provider, principals });
  stack.defer(() => gateway.close());
  url = await gateway.listen();
  const { workload, minimumTcb } = snp;
  const demands = { tee: 'sev-snp', workload, minimumTcb, deployment: toHex(gateway.deployment) } as const;
  const { amd: keys } = snp.roots;
  policy = ['--policy', file('policy.json', { policy: demands })];
  roots = ['--roots', file('roots.json', { roots: { amd: keys } })];
  const online = createCollateral({ whenDown: 'require', fetch: amd, roots: snp.roots });
  await (await attest(url, { policy: demands, roots: snp.roots, collateral: online })).close();
  collateral = ['--collateral', file('collateral.json', online.exportBundle())];
});
afterAll(async () => {
  await stack.disposeAsync();
  rmSync(folder, { recursive: true });
});

it("attest judges a SEV-SNP gateway by a client's export", async () => {
  const accepted = await cli('attest', url, ...policy, ...roots, ...collateral);
  expect(accepted).toEqual({ status: 0, first: 'ACCEPT  evidence of a running gateway  SIMULATED' });
  expect((await cli('attest', url, ...policy, ...collateral)).status).toBe(10);
  expect((await cli('attest', url, ...policy, ...roots, ...collateral, '--fetch-collateral')).status).toBe(2);
});

it('verify quote takes certificate, chain and list of a report from it', async () => {
  const evidence = await snp.provider.collect(systemRandom(64));
  if (evidence.tee !== 'sev-snp') throw new Error('the simulated TEE is SEV-SNP');
  const report = file('report.bin', evidence.report);
  const accepted = await cli('verify', 'quote', report, ...policy, ...roots, ...collateral);
  expect(accepted).toEqual({
    status: 0,
    first: 'ACCEPT  SEV-SNP report, version 5, Genoa, signed by a VCEK  SIMULATED',
  });
  expect((await cli('verify', 'quote', report, ...policy, ...roots)).status).toBe(10);
  const late = ['--at', '2036-01-01T00:00:00Z'];
  expect((await cli('verify', 'quote', report, ...policy, ...roots, ...collateral, ...late)).status).toBe(1);
  const broken = file('broken.bin', evidence.report.with(0x4c, 1));
  expect((await cli('verify', 'quote', broken, ...roots, ...collateral)).status).toBe(30);
});
