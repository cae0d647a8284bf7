import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { toBase64url } from '@cloister/core';
import type { AnswerResult } from '@cloister/runtime';
import type { World } from './world.ts';

const run = promisify(execFile);

/** What the second process found. */
export interface ReceiptVerdict {
  readonly verified: boolean;
  /** What it printed. */
  readonly lines: string;
}

/**
 * Writes what an auditor gets (receipt, evidence, policy, roots: public; the opening: from whoever was allowed to read the
 * answer) and has another process check it.
 */
export async function verifyInSecondProcess(world: World, { receipt }: AnswerResult): Promise<ReceiptVerdict> {
  const directory = await mkdtemp(join(tmpdir(), 'cloister-receipt-'));
  const write = (name: string, text: string): Promise<void> => writeFile(join(directory, name), text, { mode: 0o600 });
  const { k, enc, requestDigest, responseDigest } = receipt.opening;
  const { evidence } = world.enclave;
  try {
    await write('receipt.txt', receipt.text);
    await write('evidence.json', evidence.bundle);
    await write('nonce.txt', toBase64url(evidence.nonce));
    await write('policy.json', JSON.stringify(world.evidencePolicy));
    await write('roots.json', JSON.stringify(world.tee.roots.intel.map(toBase64url)));
    const opening = { k, enc, requestDigest, responseDigest };
    const texts = Object.entries(opening).map(([name, bytes]) => [name, toBase64url(bytes)]);
    await write('opening.json', JSON.stringify(Object.fromEntries(texts)));
    const program = fileURLToPath(new URL('verify-receipt.ts', import.meta.url));
    const { stdout } = await run(process.execPath, [program, directory]);
    return { verified: true, lines: stdout };
  } catch (error) {
    return { verified: false, lines: String((error as { stderr?: unknown }).stderr ?? error) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
