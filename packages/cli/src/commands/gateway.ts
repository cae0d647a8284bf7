import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import process from 'node:process';
import { toHex } from '@cloister/core';
import { createGateway, deploymentDigest, type Gateway, parseGatewayConfig } from '@cloister/gateway';
import { createEvidenceProvider, hardenProcess } from '@cloister/host';
import { type ApiKeyRecord, createApiKeyDirectory } from '@cloister/tenancy';
import type { Command } from '../command.ts';
import { cliError } from '../errors.ts';
import { EXIT } from '../exit-status.ts';
import { type GatewayFile, readGatewayFile } from '../input/gateway-file.ts';
import type { Terminal } from '../terminal.ts';

/** `cloister gateway --config FILE`: runs the half that lives inside the enclave. */
export const gatewayCommand: Command = {
  name: 'gateway',
  summary: 'run the gateway inside the guest, in front of its engine',
  operands: [],
  details: [
    'The file is YAML or JSON with these members, and no others:',
    '  gateway   settings of @cloister/gateway, all of them attested: their canonical form is the deployment digest',
    '  evidence  where evidence comes from: provider configfs-tsm, coco or dstack, and gpus (see @cloister/host)',
    '  apiKeys   {issuer, file}: who may call; the file is a JSON list of keys by hash, relative to this file',
    '  port      port to listen on; 8443 unless said',
    'Started like that, the process is hardened first; what it was started with may keep it from starting. SIGTERM lets',
    'running requests end, then all keys are destroyed.',
  ].join('\n'),
  options: {
    config: { value: 'FILE', help: 'the configuration; required' },
    check: { help: 'only read the configuration and print the deployment digest that policies pin' },
  },
  async run(invocation) {
    const { terminal, isJson } = invocation;
    const name = invocation.option('config');
    if (name === undefined) throw cliError('ERR_CLI_USAGE', { subject: '--config' });
    const file = await readGatewayFile(name);
    const deployment = toHex(deploymentDigest(parseGatewayConfig(file.gateway)));
    const evidence = createEvidenceProvider(file.evidence);
    if (invocation.has('check')) {
      if (isJson) terminal.json({ deployment, tee: evidence.tee });
      else terminal.line(`deployment ${deployment}`);
      return EXIT.accept;
    }
    const { warnings } = hardenProcess();
    for (const { id, subject } of warnings) terminal.note(`warning: ${id}: ${subject}`);
    const principals = createApiKeyDirectory(await readKeys(name, file), { issuer: file.apiKeys.issuer });
    const onRefusal = ({ code }: { readonly code: string }): void => terminal.note(`refused: ${code}`);
    await using gateway = await createGateway({ config: file.gateway, evidence, principals, onRefusal });
    return await serve(gateway, file.port, terminal);
  },
};

async function readKeys(config: string, { apiKeys }: GatewayFile): Promise<readonly ApiKeyRecord[]> {
  const name = resolve(dirname(config), apiKeys.file);
  try {
    const value: unknown = JSON.parse(await readFile(name, 'utf8'));
    if (Array.isArray(value)) return value as readonly ApiKeyRecord[];
  } catch {
    // What a parser says would quote the file.
  }
  throw cliError('ERR_CLI_CONFIG_INVALID', { subject: 'apiKeys.file' });
}

async function serve(gateway: Gateway, port: number, terminal: Terminal): Promise<number> {
  const ended = new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, done);
  });
  const url = await gateway.listen(port);
  terminal.line(JSON.stringify({ url, deployment: toHex(gateway.deployment) }));
  await ended;
  terminal.note('no new requests; waiting for those that run');
  await gateway.drain();
  return EXIT.accept;
}
