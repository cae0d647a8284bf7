import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { createTerminal, runCli } from '@cloister/cli';
import { attest, type AnswerReceipt, type EvidenceRecord } from '@cloister/client';
import { toBase64url, toHex } from '@cloister/core';
import { type SimulatedGateway, startSimulatedGateway } from '@cloister/example-gateway/start';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'cloister-cli-'));
let running: SimulatedGateway;
let answer: AnswerReceipt;
let evidence: EvidenceRecord;
let trust: readonly string[];

function file(name: string, content: unknown): string {
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return join(folder, name);
}

async function cli(...words: string[]): Promise<{ status: number; out: string; err: string }> {
  const text = { out: '', err: '' };
  const sinks = {
    stdout: { write: (part: string) => (text.out += part) },
    stderr: { write: (part: string) => (text.err += part) },
  };
  return { status: await runCli(words, createTerminal(sinks, {})), ...text };
}

beforeAll(async () => {
  running = await startSimulatedGateway();
  const { policy, tee, url, apiKey, model } = running;
  const roots = { intel: tee.roots.intel.map((root) => Buffer.from(root).toString('base64')) };
  trust = ['--policy', file('policy.json', { policy }), '--roots', file('roots.json', { roots })];
  const enclave = await attest(url, { policy, roots: tee.roots });
  const response = await enclave.fetch(`${enclave.baseURL}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'What is the dose?' }] }),
  });
  await response.text();
  answer = await enclave.receipt(response);
  ({ evidence } = enclave);
  await enclave.close();
});

afterAll(async () => {
  await running[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

describe('attest', () => {
  it('accepts a gateway that proves what the policy pins, and says SIMULATED', async () => {
    const { status, out, err } = await cli('attest', running.url, ...trust);
    expect([status, out.split('\n')[0]]).toEqual([0, 'ACCEPT  evidence of a running gateway  SIMULATED']);
    expect(err).toContain('asking');
    expect(out).toMatch(/^ {2}pass {2}binding\.report-data$/m);
  });

  it('rejects another deployment, and test evidence without test roots', async () => {
    const other = file('other.json', { ...running.policy, deployment: 'ab'.repeat(32) });
    expect((await cli('attest', running.url, ...trust, '--json')).status).toBe(0);
    expect((await cli('attest', running.url, '--policy', other, ...trust.slice(2))).status).toBe(10);
    expect((await cli('attest', running.url, ...trust.slice(0, 2))).status).toBe(10);
  });

  it('cannot run without a policy or a gateway', async () => {
    expect((await cli('attest', running.url)).status).toBe(2);
    expect((await cli('attest', 'http://127.0.0.1:1', ...trust)).status).toBe(1);
  });
});

describe('verify receipt', () => {
  const receiptFile = (changes: Partial<Record<'receipt' | 'evidence' | 'opening', unknown>> = {}): string => {
    const { k, enc, requestDigest, responseDigest } = answer.opening;
    const opening = {
      k: toHex(k),
      enc: toBase64url(enc),
      requestDigest: toHex(requestDigest),
      responseDigest: toHex(responseDigest),
    };
    const { bundle, verifiedAt } = evidence;
    return file('receipt.json', { receipt: answer.text, evidence: { bundle, verifiedAt }, opening, ...changes });
  };
  const judge = async (...given: Parameters<typeof receiptFile>): ReturnType<typeof cli> =>
    cli('verify', 'receipt', receiptFile(...given), ...trust);

  it('accepts a receipt with its evidence and its content, offline', async () => {
    const { status, out } = await judge();
    expect([status, out.split('\n')[0]]).toEqual([0, 'ACCEPT  receipt of an answer  SIMULATED']);
    for (const id of [
      'receipt.signature',
      'receipt.keyset',
      'receipt.deployment',
      'receipt.time',
      'receipt.response',
    ]) {
      expect(out).toMatch(new RegExp(`^ {2}pass {2}${id} *$`, 'm'));
    }
  });

  it('says without the opening that no content was compared', async () => {
    const { status, out } = await judge({ opening: undefined });
    expect(status).toBe(0);
    expect(out).toMatch(/^ {2}skip {2}receipt\.response +The file holds no opening\.$/m);
  });

  it('rejects a changed receipt, other words, and evidence of another time or gateway', async () => {
    const { text } = answer;
    const changed = text.slice(0, -2) + (text.at(-2) === 'A' ? 'B' : 'A') + text.slice(-1);
    expect((await judge({ receipt: changed })).status).toBe(10);
    const k = toHex(answer.opening.k);
    const wrong = {
      k,
      enc: toBase64url(answer.opening.enc),
      requestDigest: '00'.repeat(32),
      responseDigest: '00'.repeat(32),
    };
    expect((await judge({ opening: wrong })).out).toContain('ERR_AUDIT_RECEIPT_COMMITMENT');
    const late = { bundle: evidence.bundle, verifiedAt: evidence.verifiedAt + 86_400_000 };
    expect((await judge({ evidence: late })).status).toBe(10);
    const early = { bundle: evidence.bundle, verifiedAt: evidence.verifiedAt + 600_000 };
    expect((await judge({ evidence: early })).out).toMatch(/^ {2}fail {2}receipt\.time/m);
  });

  it('tells malformed files apart', async () => {
    expect((await judge({ receipt: 'none' })).status).toBe(30);
    expect((await judge({ evidence: { bundle: '{}', verifiedAt: 1 } })).status).toBe(30);
    expect((await cli('verify', 'receipt', file('empty.json', {}), ...trust)).status).toBe(30);
  });
});

describe('gateway', () => {
  const configuration = {
    gateway: { upstream: 'http://127.0.0.1:1' },
    evidence: { provider: 'dstack', socket: '/nowhere/dstack.sock' },
    apiKeys: { issuer: 'test', file: 'keys.json' },
    port: 0,
  };
  const check = async (config: unknown): ReturnType<typeof cli> =>
    cli('gateway', '--config', file('gateway.yaml', config), '--check');

  it('prints the deployment digest that covers every setting', async () => {
    const plain = await check(configuration);
    expect([plain.status, plain.out]).toEqual([0, expect.stringMatching(/^deployment [0-9a-f]{64}\n$/)]);
    const changed = await check({ ...configuration, gateway: { ...configuration.gateway, maxBodyBytes: 5 } });
    expect(changed.out).not.toBe(plain.out);
    const yaml = `gateway:\n  upstream: http://127.0.0.1:1\nevidence:\n  provider: coco\napiKeys: { issuer: a, file: b }\n`;
    expect((await check(yaml)).out).toBe(plain.out);
  });

  it.each([
    ['an unknown member', { ...configuration, debug: true }],
    ['an unknown setting', { ...configuration, gateway: { upstream: 'http://127.0.0.1:1', debug: true } }],
    ['an unknown provider', { ...configuration, evidence: { provider: 'auto' } }],
    ['no keys', { ...configuration, apiKeys: undefined }],
    ['a repeated key', 'gateway: {}\ngateway: {}\n'],
    ['a remote engine', { ...configuration, gateway: { upstream: 'http://10.0.0.1:80' } }],
  ])('refuses %s', async (_name, config) => {
    const { status, err } = await check(config);
    expect([status === 0, err]).toEqual([false, expect.stringMatching(/ERR_(?:CLI|GATEWAY)_/)]);
  });

  it('does not start when the store of its limits does not answer', async () => {
    file('keys.json', []);
    const config = { ...configuration, limiterUrl: 'redis://user:canary-password@127.0.0.1:1' };
    const { status, err } = await cli('gateway', '--config', file('gateway.yaml', config));
    expect([status === 0, err]).toEqual([false, expect.stringContaining('limiterUrl')]);
    expect(err).not.toContain('canary-password');
  });

  it('serves until SIGTERM, hardened, and does not start with an inspector', async () => {
    file('keys.json', []);
    const main = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));
    const words = ['gateway', '--config', file('gateway.yaml', configuration)];
    const child = spawn(process.execPath, [main, ...words], { env: { PATH: process.env['PATH'] } });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { url } = JSON.parse(line.toString()) as { url: string };
    expect((await fetch(`${url}/nothing`)).status).toBeGreaterThanOrEqual(400);
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([0, null]);
    const refused = spawn(process.execPath, ['--inspect-port=0', main, ...words], {
      env: { PATH: process.env['PATH'] },
    });
    let text = '';
    refused.stderr.on('data', (part: Buffer) => (text += part.toString()));
    expect(await once(refused, 'close')).toEqual([1, null]);
    expect(text).toContain('ERR_HOST_PROCESS_UNSAFE');
  });
});
