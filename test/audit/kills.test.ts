import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { verifyLog } from '@cloister/audit/node';
import { describe, expect, it } from 'vitest';
import { laneSize, storedIds, useScratch } from './scratch.ts';

const newDirectory = useScratch();
const kills = laneSize('CLOISTER_AUDIT_KILLS', 4);

const writer = new URL('killed-writer-main.ts', import.meta.url).pathname;
const env = { ...process.env, NODE_COMPILE_CACHE: newDirectory() };

/** Runs the writer until it is killed, some milliseconds after its first acknowledgement. */
async function killWriter(directory: string, after: number): Promise<ReadonlyMap<number, string>> {
  const child = spawn(process.execPath, [writer, directory], { stdio: ['ignore', 'pipe', 'inherit'], env });
  const ended = new Promise<unknown>((resolve) => child.on('close', (_, signal) => resolve(signal)));
  let text = '';
  for await (const part of child.stdout) {
    if (text === '') void sleep(after).then(() => child.kill('SIGKILL'));
    text += String(part);
  }
  expect(await ended).toBe('SIGKILL');
  // The last line may be cut: whoever reads it was told nothing.
  const lines = text.slice(0, text.lastIndexOf('\n')).split('\n');
  return new Map(lines.map((line) => line.split(' ')).map(([index, id = '']) => [Number(index), id]));
}

describe('a writer killed at any moment', () => {
  it(`loses no acknowledged event in ${kills} kills`, { timeout: 60_000 + kills * 20_000 }, async () => {
    let directory = newDirectory();
    const acknowledged = new Map<number, string>();
    for (let round = 0; round < kills; round++) {
      if (round % 20 === 0) {
        directory = newDirectory();
        acknowledged.clear();
      }
      for (const [index, id] of await killWriter(directory, (round * 7) % 60)) acknowledged.set(index, id);
      const stored = await storedIds(directory);
      for (const [index, id] of acknowledged) expect(stored.get(index)).toBe(id);
    }
    expect(acknowledged.size).toBeGreaterThan(0);
    await expect(verifyLog(directory, readFileSync(join(directory, 'vkey'), 'utf8'))).resolves.toMatchObject({
      refused: 0,
    });
  });
});
