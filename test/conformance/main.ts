import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { answerLines } from './lines/answer-lines.ts';
import type { Answer } from './lines/answer-question.ts';

const FOLDER = new URL('./', import.meta.url);

/** The areas that have a module beside this file. */
function areas(): readonly string[] {
  return readdirSync(FOLDER)
    .filter((name) => /^[a-z]+\.ts$/.test(name) && name !== 'main.ts')
    .map((name) => name.slice(0, -3))
    .toSorted();
}

/** Gives the standard output to the answers alone: whatever else a library writes there goes to stderr. */
function claimStdout(): (line: string) => Promise<void> {
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  stdout.write = stderr.write.bind(stderr);
  stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  return async (line) => {
    if (!write(`${line}\n`)) await once(stdout, 'drain');
  };
}

/** A stray rejection of one line must not end the answers to the others. Its text may quote input, so it stays unsaid. */
function goOnAfterStrayErrors(): void {
  process.on('unhandledRejection', () => console.error('conformance: a promise was rejected and nobody awaited it'));
  process.on('uncaughtException', () => console.error('conformance: an error was thrown outside of every answer'));
}

async function main([area]: readonly string[]): Promise<number> {
  if (area === '--help' || area === undefined || !areas().includes(area)) {
    console.error(
      `usage: npx -y pnpm@12 -s conformance <area> < lines.jsonl\nareas: ${areas().join(', ') || '(none yet)'}`,
    );
    return area === '--help' ? 0 : 2;
  }
  const print = claimStdout();
  goOnAfterStrayErrors();
  const { answer } = (await import(new URL(`${area}.ts`, FOLDER).href)) as { readonly answer: Answer };
  for await (const line of answerLines(area, answer, process.stdin as AsyncIterable<Uint8Array>)) await print(line);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
