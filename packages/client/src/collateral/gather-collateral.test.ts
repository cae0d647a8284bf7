import { createReceiverKey } from '@cloister/channel';
import { type EvidenceProvider, findCloisterError, fromBase64url, toBase64, toHex, utf8 } from '@cloister/core';
import {
  appraise,
  createGpuNonce,
  createNonceRoot,
  createReportData,
  encodeEvidenceBundle,
  encodeKeyset,
  type EvidencePolicy,
  parseEvidenceBundle,
  resolveIdentity,
  type TrustRoots,
} from '@cloister/evidence';
import { verifyReferenceManifest } from '@cloister/evidence/rim';
import { readOcspFacts } from '@cloister/evidence/x509';
import { createSimulatedGpus, type SimulatedGpus } from '@cloister/simulator/nvidia';
import { createSimulatedSnp, type SimulatedSnp, type SimulatedSnpOptions } from '@cloister/simulator/snp';
import { createSimulatedTee } from '@cloister/simulator/tee';
import { expect, it } from 'vitest';
import { attest } from '../attest.ts';
import type { AttestOptions } from '../attest-options.ts';
import { parseAddress } from '../parse-request.ts';
import { type CollateralOptions, createCollateral } from './create-collateral.ts';

const deployment = new Uint8Array(32).fill(0x5a);
const pem = (der: Uint8Array): string => `-----BEGIN CERTIFICATE-----\n${toBase64(der)}\n-----END CERTIFICATE-----\n`;

/** What the vendors' services know of a machine, by the end of the path; a question is noted in `asked`. */
function createServices(asked: string[], { snp, gpus }: { snp?: SimulatedSnp; gpus?: SimulatedGpus }): typeof fetch {
  const [vek, authority, root] = snp?.collateral.certs ?? [];
  const answer = (path: string, body: Buffer): string | Uint8Array | undefined => {
    if (path.endsWith('/cert_chain')) return authority && root && pem(authority) + pem(root);
    if (path.endsWith('/crl')) return snp?.collateral.crls?.[0];
    if (path.startsWith('/vcek/')) return vek;
    if (path.endsWith('jwks.json'))
      return JSON.stringify({ keys: Object.entries(gpus?.keys ?? {}).map(([kid, x5c]) => ({ kid, x5c })) });
    if (path === '/v4/attest/gpu')
      return gpus?.attestRemotely(Buffer.from((JSON.parse(body.toString()) as Nonce).nonce, 'hex'));
    if (path === '/') return gpus?.statuses.find((status) => body.includes(Buffer.from(readOcspFacts(status).serial)));
    const id = decodeURIComponent(path.replace('/v1/rim/', ''));
    const rim = gpus?.manifests[id.includes('DRIVER') ? 0 : 1];
    return rim && JSON.stringify({ id, rim: toBase64(rim) });
  };
  return async (input, init) => {
    const { pathname } = parseAddress(input);
    asked.push(pathname);
    const body = answer(pathname, Buffer.from((init?.body ?? '') as Uint8Array));
    return new Response((body ?? null) as BodyInit | null, { status: body === undefined ? 404 : 200 });
  };
}

interface Nonce {
  readonly nonce: string;
}

/** A gateway that knows one path. @param isBare whether NVIDIA's token stays at home */
async function createGateway(provider: EvidenceProvider, isBare: boolean): Promise<typeof fetch> {
  const { config } = await createReceiverKey();
  const now = Date.now();
  const times = { notBefore: now - 1000, notAfter: now + 600_000 };
  const receiptKey = new Uint8Array(32).fill(9);
  const keyset = encodeKeyset({ version: 1, configs: [config], receiptKey, deployment, ...times });
  return async (input) => {
    const nonce = fromBase64url(parseAddress(input).searchParams.get('nonce') ?? '');
    const { root, proofs } = createNonceRoot([nonce]);
    const gpus = (await provider.collectGpus(createGpuNonce(root))).map(({ nrasToken, ...gpu }) =>
      isBare || nrasToken === undefined ? gpu : { ...gpu, nrasToken },
    );
    const cpu = await provider.collect(createReportData({ nonceRoot: root, keyset, gpus }));
    const collateral = await provider.collateral?.();
    const bundle = encodeEvidenceBundle({
      version: 1,
      nonce,
      nonceProof: proofs[0] ?? { index: 0, size: 1, path: [] },
      keyset,
      cpu,
      gpus,
      ...(collateral === undefined ? {} : { collateral }),
    });
    return new Response(bundle, { headers: { 'content-type': 'application/json' } });
  };
}

interface Machine {
  readonly provider: EvidenceProvider;
  readonly policy: EvidencePolicy;
  readonly roots: TrustRoots;
  readonly snp?: SimulatedSnp;
  readonly gpus?: SimulatedGpus;
}

interface Setting {
  readonly isBare?: boolean;
  readonly collateral?: Partial<CollateralOptions>;
  readonly attest?: Partial<AttestOptions>;
}

/** What the services were asked, and the verdict: `accepted` or a code. */
async function judge(machine: Machine, setting: Setting = {}): Promise<{ asked: string[]; outcome: string }> {
  const asked: string[] = [];
  const { policy, roots } = machine;
  const services = createServices(asked, machine);
  const collateral = createCollateral({ whenDown: 'require', fetch: services, roots, ...setting.collateral });
  const gateway = await createGateway(machine.provider, setting.isBare ?? false);
  const outcome = await attest('http://enclave.example', {
    policy,
    roots,
    collateral,
    fetch: gateway,
    ...setting.attest,
  })
    .then(() => 'accepted')
    .catch((error: unknown) => findCloisterError(error)?.code ?? 'another error');
  return { asked: asked.toSorted(), outcome };
}

async function createSnpMachine(options: SimulatedSnpOptions = {}): Promise<Machine> {
  const snp = await createSimulatedSnp(options);
  const { provider, roots, workload, minimumTcb } = snp;
  return { snp, provider, roots, policy: { tee: 'sev-snp', workload, minimumTcb, deployment: toHex(deployment) } };
}

const VERSIONS = [
  ['Milan', 2],
  ['Milan', 3],
  ['Genoa', 5],
  ['Turin', 5],
] as const;

it.each(VERSIONS)('a report of %s, version %s: certificate, chain and list of AMD', async (line, version) => {
  const machine = await createSnpMachine({ line, version });
  const { asked, outcome } = await judge(machine);
  expect(outcome).toBe('accepted');
  const [chip, ...rest] = asked;
  expect(chip).toMatch(line === 'Turin' ? /^\/vcek\/v1\/Turin\/[0-9a-f]{16}$/ : /\/[0-9a-f]{128}$/);
  expect(rest).toEqual([`/vcek/v1/${line}/cert_chain`, `/vcek/v1/${line}/crl`]);
});

it('a report that a provider signed: its certificate comes from the host, the rest from AMD', async () => {
  const { asked, outcome } = await judge(await createSnpMachine({ signer: 'vlek' }));
  expect(outcome).toBe('accepted');
  expect(asked).toEqual(['/vlek/v1/Genoa/cert_chain', '/vlek/v1/Genoa/crl']);
});

it('what cannot be had ends the attempt, and what the list says counts', async () => {
  const machine = await createSnpMachine();
  const without = createCollateral({ whenDown: 'cached', offline: true });
  const offline = await judge(machine, { attest: { collateral: without } });
  expect(offline.outcome).toBe('ERR_CLIENT_COLLATERAL_UNAVAILABLE');
  const revoked = await createSnpMachine({ faults: ['authority-revoked'] });
  expect((await judge(revoked)).outcome).toMatch(/^ERR_EVIDENCE_.*REVOKED/);
});

it('answers of another platform are refused before the verdict', async () => {
  const machine = await createSnpMachine({ line: 'Genoa' });
  const other = await createSnpMachine({ line: 'Genoa', faults: ['chip-other'] });
  expect((await judge({ ...machine, ...(other.snp && { snp: other.snp }) })).outcome).toBe(
    'ERR_CLIENT_COLLATERAL_WRONG',
  );
});

async function createGpuMachine(evidence: 'local' | 'remote' | 'both'): Promise<Machine> {
  const gpus = createSimulatedGpus({ count: 2 });
  const tee = await createSimulatedTee({ gpus });
  const demands = { ...gpus.policy, evidence };
  const policy = { tee: 'tdx', workload: tee.workload, deployment: toHex(deployment), gpus: demands } as const;
  return { gpus, provider: tee.provider, roots: tee.roots, policy };
}

/** Intel's part is what the gateway sends along. */
const withoutIntel = (machine: Machine, asked: string[]): Partial<AttestOptions> => {
  const own = createCollateral({ whenDown: 'require', fetch: createServices(asked, machine), roots: machine.roots });
  const tdx = async (): Promise<never> => (await machine.provider.collateral?.()) as never;
  return { collateral: { ...own, tdx } };
};

it.each([
  ['remote', false, ['/.well-known/jwks.json']],
  ['remote', true, ['/.well-known/jwks.json', '/v4/attest/gpu']],
  ['both', true, ['/.well-known/jwks.json', '/v4/attest/gpu']],
] as const)("GPUs judged by %s, token left out: %s: NVIDIA's keys and word", async (evidence, isBare, expected) => {
  const machine = await createGpuMachine(evidence);
  const asked: string[] = [];
  expect((await judge(machine, { isBare, attest: withoutIntel(machine, asked) })).outcome).toBe('accepted');
  expect(asked.toSorted()).toEqual(expected);
});

it('GPUs judged by their reports alone: statuses, and manifests by the names that the reports give', async () => {
  const machine = await createGpuMachine('local');
  const asked: string[] = [];
  const outcome = async (options: Partial<AttestOptions>): Promise<string> =>
    (await judge(machine, { attest: { ...withoutIntel(machine, asked), ...options } })).outcome;
  expect(await outcome({ verifyManifest: verifyReferenceManifest })).toBe('accepted');
  expect(asked.filter((path) => path === '/').length).toBeGreaterThan(2);
  expect(asked.filter((path) => path !== '/').toSorted()).toEqual([
    '/v1/rim/NV_GPU_DRIVER_GH100_580.95.05',
    '/v1/rim/NV_GPU_VBIOS_1010_0200_882_9600D90001',
  ]);
  expect(await outcome({})).toBe('ERR_EVIDENCE_GPU_MEASUREMENTS');
});

it('an auditor repeats a verdict over a token that the client fetched', async () => {
  const machine = await createGpuMachine('remote');
  const gateway = await createGateway(machine.provider, true);
  const { policy, roots } = machine;
  const options = { policy, roots, fetch: gateway, ...withoutIntel(machine, []) };
  const enclave = await attest('http://enclave.example', options);
  const { bundle, nonce, verifiedAt } = enclave.evidence;
  const material = { nonce, now: verifiedAt, roots, gpuCollateral: { keys: machine.gpus?.keys } };
  const repeated = await appraise(parseEvidenceBundle(utf8(bundle)), policy, material);
  expect(resolveIdentity(repeated).evidenceDigest).toEqual(resolveIdentity(enclave.identity).evidenceDigest);
});
