import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { attest } from '@cloister/client';
import { fromBase64 } from '@cloister/core';
import type { EvidencePolicy } from '@cloister/evidence';
import { expect, it } from 'vitest';

interface Announcement {
  readonly url: string;
  readonly apiKey: string;
  readonly model: string;
  readonly policy: EvidencePolicy;
  readonly roots: { readonly intel: readonly string[]; readonly simulated: boolean };
}

it('the example announces itself on one line, serves a client that trusts its test roots, and ends when told to', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cloister-gateway-'));
  const file = join(folder, 'policy.json');
  const main = fileURLToPath(new URL('../../examples/gateway/main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, '--port', '0', '--policy-out', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const lines: string[] = [];
  const reader = createInterface(child.stdout).on('line', (line) => lines.push(line));
  await Promise.race([once(reader, 'line'), ended]);
  expect(lines).toHaveLength(1);
  const { url, apiKey, model, policy, roots } = JSON.parse(lines[0] ?? '') as Announcement;
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ policy, roots });

  const enclave = await attest(url, {
    policy,
    roots: { intel: roots.intel.map(fromBase64), simulated: roots.simulated },
  });
  const models = await enclave.fetch(`${enclave.baseURL}/models`, { headers: { authorization: `Bearer ${apiKey}` } });
  expect(await models.json()).toMatchObject({ data: [{ id: model }] });

  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(lines).toHaveLength(1);
  await rm(folder, { recursive: true });
});
