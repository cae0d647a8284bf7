import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { isCloisterError, toBase64 } from '@cloister/core';
import { startSimulatedGateway, type SimulatedGateway } from './start.ts';

const HELP = `usage: pnpm -s gateway:simulated [--vllm URL] [--port N] [--policy-out FILE]

Starts a gateway under a SIMULATED TEE on 127.0.0.1 and stays until it is killed.
  --vllm URL         a vLLM on the loopback interface; without it the stand-in answers
  --port N           port of the gateway; without it a free one
  --policy-out FILE  also writes {policy, roots} to FILE

The first line is JSON: {url, apiKey, model, simulated, policy, roots}. Pass policy to
attest(), and roots with its base64 decoded: without them the client refuses a simulated TEE.
`;

function describe({ url, apiKey, model, policy, tee }: SimulatedGateway): object {
  const roots = { intel: tee.roots.intel.map((root) => toBase64(root)), simulated: true };
  return { url, apiKey, model, simulated: true, policy, roots };
}

function parsePort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new RangeError('--port takes a number from 0 to 65535');
  return port;
}

async function main(): Promise<void> {
  const option = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { vllm: option, port: option, 'policy-out': option, help: { type: 'boolean' } },
  });
  if (values.help === true) return void process.stdout.write(HELP);
  const port = parsePort(values.port);
  const running = await startSimulatedGateway({
    ...(values.vllm === undefined ? {} : { vllm: values.vllm }),
    ...(port === undefined ? {} : { port }),
    onRefusal: (error) => process.stderr.write(`refused: ${error.code}\n`),
  });
  const { policy, tee } = running;
  if (values['policy-out'] !== undefined) {
    const roots = { intel: tee.roots.intel.map((root) => toBase64(root)), simulated: true };
    await writeFile(values['policy-out'], `${JSON.stringify({ policy, roots }, undefined, 2)}\n`);
  }
  process.stdout.write(`${JSON.stringify(describe(running))}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void running.gateway.drain().then(() => running[Symbol.asyncDispose]()));
}

try {
  await main();
} catch (error) {
  const text = isCloisterError(error)
    ? `${error.message} ${error.fix}`
    : error instanceof Error
      ? error.message
      : 'failed';
  process.stderr.write(`gateway:simulated: ${text}\n`);
  process.exitCode = 1;
}
