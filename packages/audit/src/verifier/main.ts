import { readFileSync } from 'node:fs';
import process from 'node:process';
import { Refusal } from './fail.ts';
import { verifyDirectory } from './verify.ts';

// A verifier of audit logs that depends on nothing but Node: node verify-log.mjs DIRECTORY KEY [CHECKPOINT ...]
const [directory, key, ...pinned] = process.argv.slice(2);
try {
  if (directory === undefined || key === undefined) throw new Refusal('usage: DIRECTORY KEY [CHECKPOINT ...]');
  const notes = pinned.map((file) => readFileSync(file, 'utf8'));
  process.stdout.write(`${JSON.stringify({ verdict: 'accept', ...verifyDirectory(directory, key, notes) })}\n`);
} catch (error) {
  const reason = error instanceof Refusal ? error.message : `cannot be read (${(error as Error).name})`;
  process.stdout.write(`${JSON.stringify({ verdict: 'reject', reason })}\n`);
  process.exitCode = 10;
}
