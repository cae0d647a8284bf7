import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { type CpuEvidence, type EvidenceProvider, fromHex, toBase64 } from '@cloister/core';
import {
  type GuestAnswer,
  type GuestService,
  startCocoAgent,
  startDstackAgent,
  startGuestService,
} from '@cloister/simulator/guest';
import { createSimulatedTee } from '@cloister/simulator/tee';
import { parseTdxQuote } from '@cloister/evidence/tdx';
import { afterAll, describe, expect, it } from 'vitest';
import { createEvidenceProvider, type EvidenceConfig } from './create-evidence-provider.ts';

const folder = mkdtempSync(join(tmpdir(), 'cloister-host-'));
afterAll(() => rmSync(folder, { recursive: true }));

const services = new AsyncDisposableStack();
afterAll(async () => services.disposeAsync());

function keep(service: GuestService): GuestService {
  return services.use(service);
}

const reportData = Uint8Array.from({ length: 64 }, (_, index) => 200 - index);
const nonce = Uint8Array.from({ length: 32 }, (_, index) => index * 3);
const tee = await createSimulatedTee();

function signedBy(evidence: CpuEvidence): Uint8Array | undefined {
  return evidence.tee === 'tdx' ? parseTdxQuote(evidence.quote).report.reportData : undefined;
}
const refused = (code: string): unknown => expect.objectContaining({ code });

/** A measurement request with the nonce where SPDM puts it, and something behind it. */
function gpuReport(given: Uint8Array): Uint8Array {
  return Uint8Array.from([0x11, 0xe0, 1, 0xff, ...given, 0x11, 0x60]);
}

const withGpus: EvidenceProvider = {
  ...tee.provider,
  collectGpus: async (given) => [{ arch: 'HOPPER', report: gpuReport(given), certChain: new Uint8Array([1]) }],
};

describe('the CoCo agent', () => {
  it('gives the quote and the GPUs', async () => {
    const agent = keep(await startCocoAgent({ provider: withGpus }));
    const { port } = agent;
    const provider = createEvidenceProvider({ provider: 'coco', port, gpus: { provider: 'coco', port } });
    expect(signedBy(await provider.collect(reportData))).toEqual(reportData);
    expect(await provider.collectGpus(nonce)).toEqual([
      { arch: 'HOPPER', report: gpuReport(nonce), certChain: new Uint8Array([1]) },
    ]);
    expect(agent.requests[0]).toMatch(/^GET \/aa\/evidence\?runtime_data=[\w-]{86}&encoding=base64$/);
  });

  it.each<[string, GuestAnswer, string]>([
    ['a refusal', { status: 500, body: 'TEE failed' }, 'ERR_HOST_EVIDENCE_REFUSED'],
    ['a redirect', { status: 302, body: '' }, 'ERR_HOST_EVIDENCE_REFUSED'],
    ['no JSON', { body: 'Attestation Feature Not Enabled' }, 'ERR_HOST_EVIDENCE_MALFORMED'],
    ['no quote', { body: '{}' }, 'ERR_HOST_EVIDENCE_MALFORMED'],
    ['a report in JSON members', { body: '{"attestation_report":{"version":3}}' }, 'ERR_HOST_EVIDENCE_MALFORMED'],
    ['a quote that is not base64', { body: '{"quote":"*"}' }, 'ERR_HOST_EVIDENCE_MALFORMED'],
    ['too much', { body: `{"quote":"${'A'.repeat(9_000_000)}"}` }, 'ERR_HOST_EVIDENCE_MALFORMED'],
  ])('refuses %s', async (_name, answer, code) => {
    const agent = keep(await startGuestService(() => answer));
    const provider = createEvidenceProvider({ provider: 'coco', port: agent.port });
    await expect(provider.collect(reportData)).rejects.toEqual(refused(code));
  });

  it('refuses evidence over other data', async () => {
    const other: EvidenceProvider = { ...withGpus, collect: async () => tee.provider.collect(new Uint8Array(64)) };
    const agent = keep(await startCocoAgent({ provider: other }));
    const provider = createEvidenceProvider({ provider: 'coco', port: agent.port });
    await expect(provider.collect(reportData)).rejects.toEqual(refused('ERR_HOST_EVIDENCE_UNBOUND'));
  });

  it('says when nobody listens', async () => {
    const { port } = await startAndStop();
    const provider = createEvidenceProvider({ provider: 'coco', port });
    await expect(provider.collect(reportData)).rejects.toEqual(refused('ERR_HOST_EVIDENCE_UNAVAILABLE'));
  });
});

async function startAndStop(): Promise<{ readonly port: number }> {
  const service = await startGuestService(() => ({ body: '' }));
  await service[Symbol.asyncDispose]();
  return { port: service.port };
}

describe('dstack', () => {
  it('gives the quote and the event log over its socket', async () => {
    const socket = join(folder, 'dstack.sock');
    const agent = keep(await startDstackAgent({ provider: tee.provider }, socket));
    const provider = createEvidenceProvider({ provider: 'dstack', socket });
    const evidence = await provider.collect(reportData);
    expect(signedBy(evidence)).toEqual(reportData);
    expect(evidence).toMatchObject({ eventLog: Uint8Array.from([0x5b, 0x5d]) });
    expect(await provider.collectGpus(nonce)).toEqual([]);
    expect(agent.requests).toEqual(['POST /GetQuote']);
  });

  it('says when there is no socket', async () => {
    const provider = createEvidenceProvider({ provider: 'dstack', socket: join(folder, 'none.sock') });
    await expect(provider.collect(reportData)).rejects.toEqual(refused('ERR_HOST_EVIDENCE_UNAVAILABLE'));
  });
});

describe('a command for GPUs', () => {
  const program = join(folder, 'gpu.mjs');
  writeFileSync(
    program,
    `const [nonce, how] = process.argv.slice(2);
     if (how === 'fail') { console.error('secret'); process.exit(3); }
     const bytes = Buffer.from('11e001ff' + (how === 'stale' ? '00'.repeat(32) : nonce) + '1160', 'hex');
     const device = { arch: 'HOPPER', evidence: bytes.toString('base64'), certificate: 'AQ==', nonce };
     const environment = Object.keys(process.env).filter((name) => !name.startsWith('__CF'));
     if (environment.length > 0) process.exit(4);
     console.log(how === 'noise' ? 'hello' : JSON.stringify(how === 'wrapped' ? { evidences: [device] } : [device, device]));`,
  );
  const run = (how: string): ReturnType<EvidenceProvider['collectGpus']> =>
    createEvidenceProvider({
      provider: 'dstack',
      gpus: { provider: 'command', command: [process.execPath, program, '{nonce}', how] },
    }).collectGpus(nonce);

  it('gets a list of devices, without this environment', async () => {
    const device = { arch: 'HOPPER', report: gpuReport(nonce), certChain: new Uint8Array([1]) };
    expect(await run('good')).toEqual([device, device]);
    expect(await run('wrapped')).toEqual([device]);
  });

  it.each([
    ['fail', { code: 'ERR_HOST_GPU_COMMAND', detail: { status: 3 } }],
    ['noise', { code: 'ERR_HOST_EVIDENCE_MALFORMED' }],
    ['stale', { code: 'ERR_HOST_EVIDENCE_UNBOUND' }],
  ])('refuses what it gives: %s', async (how, error) => {
    const thrown: unknown = await run(how).catch((reason: unknown) => reason);
    expect(thrown).toMatchObject(error);
    expect(JSON.stringify([(thrown as Error).message, (thrown as Error).cause])).not.toContain('secret');
  });
});

describe('the configuration', () => {
  it.each([
    [{ provider: 'auto' }, 'provider'],
    [{}, 'provider'],
    [{ provider: 'configfs-tsm' }, 'tee'],
    [{ provider: 'configfs-tsm', tee: 'sgx' }, 'tee'],
    [{ provider: 'configfs-tsm', tee: 'tdx', root: 'here' }, 'root'],
    [{ provider: 'coco', host: '10.0.0.1' }, undefined],
    [{ provider: 'coco', port: 0 }, 'port'],
    [{ provider: 'dstack', socket: 'dstack.sock' }, 'socket'],
    [{ provider: 'dstack', gpus: { provider: 'command', command: ['nvattest', '{nonce}'] } }, 'gpus.command.0'],
    [{ provider: 'dstack', gpus: { provider: 'command', command: ['/bin/nvattest'] } }, 'gpus.command'],
  ])('%j is refused', (config, subject) => {
    expect(() => createEvidenceProvider(config as EvidenceConfig)).toThrow(
      expect.objectContaining({ code: 'ERR_HOST_CONFIG_INVALID', subject }),
    );
  });

  it('names the TEE without asking for it', () => {
    expect(createEvidenceProvider({ provider: 'configfs-tsm', tee: 'sev-snp' }).tee).toBe('sev-snp');
    expect(createEvidenceProvider({ provider: 'coco' }).tee).toBe('tdx');
  });
});

const { CLOISTER_EVAL_DATA } = process.env;

describe.skipIf(CLOISTER_EVAL_DATA === undefined)('recorded answers (skipped without CLOISTER_EVAL_DATA)', () => {
  it('reads what a real dstack guest answered', async () => {
    const { readFileSync } = await import('node:fs');
    const body = readFileSync(join(CLOISTER_EVAL_DATA ?? '', 'attestation/tdx/dstack-quote-report.json'), 'utf8');
    const socket = join(folder, 'recorded.sock');
    keep(await startGuestService(() => ({ body }), socket));
    const provider = createEvidenceProvider({ provider: 'dstack', socket });
    const asked = fromHex((JSON.parse(body) as { report_data: string }).report_data);
    expect(await provider.collect(asked)).toMatchObject({ tee: 'tdx' });
  });

  it('reads GPU evidence as the tools of the vendor write it', async () => {
    const recorded = join(CLOISTER_EVAL_DATA ?? '', 'attestation/nvidia/sdk-hopper.evidence.json');
    const { readFileSync } = await import('node:fs');
    const [device] = JSON.parse(readFileSync(recorded, 'utf8')) as { nonce: string; evidence: string }[];
    const command = ['/bin/sh', '-c', `cat '${recorded}' # {nonce}`] as const;
    const provider = createEvidenceProvider({ provider: 'dstack', gpus: { provider: 'command', command } });
    const [gpu] = await provider.collectGpus(fromHex(device?.nonce ?? ''));
    expect(toBase64(gpu?.report ?? new Uint8Array(0))).toBe(device?.evidence);
  });
});
