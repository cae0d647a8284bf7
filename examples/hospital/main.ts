import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isCloisterError } from '@cloister/core';
import { runDemo } from './demo.ts';

const HELP = `usage: npx -y pnpm@12 demo [--json] [--vllm URL] [--data DIRECTORY]

A hospital's assistant answers a clinician's question through every arrow, then four attacks fail.

  --json            print one JSON document instead of the story
  --vllm URL        put a real vLLM behind the gateway instead of the stand-in
  --data DIRECTORY  where keys, sealed notes and the audit log stay between runs
                    (default ~/.cache/cloister/hospital-2)
`;

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    vllm: { type: 'string' },
    // The number goes up with the formats of store, ledger and log: what an older demo left behind is left alone.
    data: { type: 'string', default: join(homedir(), '.cache', 'cloister', 'hospital-4') },
    help: { type: 'boolean', short: 'h', default: false },
  },
  args: process.argv.slice(2).filter((argument) => argument !== '--'),
});

if (values.help) {
  process.stdout.write(HELP);
} else {
  // Everything below ends through its own disposal, so that Ctrl-C leaves no process and no half-written file behind.
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  process.once('SIGTERM', () => interrupt.abort());
  try {
    const succeeded = await runDemo({
      directory: values.data,
      json: values.json,
      signal: interrupt.signal,
      ...(values.vllm === undefined ? {} : { vllm: values.vllm }),
    });
    if (!succeeded) process.exitCode = 1;
  } catch (error) {
    process.exitCode = interrupt.signal.aborted ? 130 : 1;
    process.stderr.write(interrupt.signal.aborted ? 'interrupted\n' : describe(error));
  }
}

function describe(error: unknown): string {
  if (isCloisterError(error)) return `${error.code}: ${error.message}\n${error.fix}\n`;
  return `${error instanceof Error ? error.message : String(error)}\n`;
}
