import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import process from 'node:process';
import { fromBase64url, toHex } from '@cloister/core';
import type { DeploymentSignature } from '@cloister/evidence';
import {
  createGateway,
  deploymentDigest,
  type Gateway,
  type GatewayOptions,
  parseGatewayConfig,
} from '@cloister/gateway';
import { createEvidenceProvider, hardenProcess } from '@cloister/host';
import { type ApiKeyRecord, createApiKeyDirectory } from '@cloister/tenancy';
import * as z from 'zod';
import type { Command } from '../command.ts';
import { cliError } from '../errors.ts';
import { EXIT } from '../exit-status.ts';
import { openLimiterStore } from '../input/open-limiter-store.ts';
import { type GatewayFile, readGatewayFile } from '../input/gateway-file.ts';
import type { Terminal } from '../terminal.ts';

/** `cloister gateway --config FILE`: runs the half that lives inside the enclave. */
export const gatewayCommand: Command = {
  details: [
    'The file is YAML or JSON with these members, and no others:',
    '  gateway   settings of @cloister/gateway, all of them attested: their canonical form is the deployment digest',
    '  evidence  where evidence comes from: provider configfs-tsm, coco or dstack, and gpus (see @cloister/host)',
    '  apiKeys   {file, issuer}: who may call; the file is a JSON list of keys by hash, relative to this file. With',
    '            gateway.apiKeyOwner it is the list that this owner signed, and names the issuer itself',
    '  deploymentSignature  a JSON file {notAfter, signature}: the word of the owner of the deployment',
    '  limiterUrl  redis://… for limits that several gateways share; needs the package ioredis',
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
    const name = invocation.need('config');
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
    const onRefusal = ({ code }: { readonly code: string }): void => terminal.note(`refused: ${code}`);
    const callers = await readCallers(name, file);
    const limiter = file.limiterUrl === undefined ? undefined : await openLimiterStore(file.limiterUrl);
    const shared = limiter === undefined ? {} : { limiterStore: limiter.store };
    await using gateway = await createGateway({ config: file.gateway, evidence, onRefusal, ...callers, ...shared });
    try {
      return await serve(gateway, file.port, terminal);
    } finally {
      limiter?.close();
    }
  },
};

type CallerOptions = Pick<GatewayOptions, 'principals' | 'signedApiKeys' | 'deploymentSignature'>;

async function readCallers(config: string, file: GatewayFile): Promise<CallerOptions> {
  const { apiKeys, deploymentSignature } = file;
  const signature = deploymentSignature === undefined ? undefined : await readJson(config, deploymentSignature);
  const list = apiKeys === undefined ? undefined : await readJson(config, apiKeys.file);
  return {
    ...(signature === undefined ? {} : { deploymentSignature: parseSignature(signature) }),
    ...(list === undefined ? {} : whoMayCall(list, apiKeys?.issuer)),
  };
}

/** A list with an issuer is taken as it is; without one it must be a signed list, which the gateway checks. */
function whoMayCall(list: unknown, issuer: string | undefined): CallerOptions {
  if (issuer === undefined) return { signedApiKeys: list };
  if (!Array.isArray(list)) throw cliError('ERR_CLI_CONFIG_INVALID', { subject: 'apiKeys.file' });
  return { principals: createApiKeyDirectory(list as readonly ApiKeyRecord[], { issuer }) };
}

const signatureSchema = z.strictObject({
  notAfter: z.int().min(0),
  signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
});

function parseSignature(value: unknown): DeploymentSignature {
  const { data } = signatureSchema.safeParse(value);
  if (data === undefined) throw cliError('ERR_CLI_CONFIG_INVALID', { subject: 'deploymentSignature' });
  return { notAfter: data.notAfter, signature: fromBase64url(data.signature) };
}

async function readJson(config: string, name: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(resolve(dirname(config), name), 'utf8'));
  } catch {
    // What a parser says would quote the file.
    throw cliError('ERR_CLI_CONFIG_INVALID', { subject: name });
  }
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
