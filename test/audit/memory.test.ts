import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { createCanaries, readMemory } from '@cloister/simulator/canaries';
import { describe, expect, it } from 'vitest';
import { useScratch } from './scratch.ts';

const newDirectory = useScratch();
const MASK = 0xa5;
const program = new URL('shredded-main.ts', import.meta.url).pathname;

/** Bytes as they cross the pipe, and back. */
function mask(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte) => byte ^ MASK));
}

/** In how many chunks of a process's memory each of the needles occurs. */
function scan(pid: number, needles: readonly Buffer[]): readonly number[] {
  const counts = needles.map(() => 0);
  for (const chunk of readMemory(pid)) {
    const haystack = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    for (const [place, needle] of needles.entries()) {
      if (haystack.includes(needle)) counts[place] = (counts[place] ?? 0) + 1;
    }
  }
  return counts;
}

describe.skipIf(process.platform !== 'linux')('the memory of a process', () => {
  it("holds a tenant's keys while it works, and none once the tenant is shredded", { timeout: 300_000 }, async () => {
    const directory = newDirectory();
    mkdirSync(directory);
    const { document, prompt } = createCanaries();
    const child = spawn(process.execPath, [program, directory], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const keys: Buffer[] = [];
    /** Reads on until the child says this word; collects the keys that it tells of. */
    const until = async (word: string): Promise<void> => {
      for (;;) {
        const { value, done } = await lines.next();
        if (done === true) throw new Error('the child has gone');
        const [said, masked = ''] = String(value).split(' ');
        if (said === 'key') keys.push(mask(Buffer.from(masked, 'hex')));
        if (said === word) return;
      }
    };
    const look = (): readonly number[] =>
      scan(child.pid ?? 0, [Buffer.from(prompt.text), Buffer.from(document.text), ...keys]);
    child.stdin.write(`${mask(Buffer.from(document.text)).toString('hex')}\n`);
    await until('worked');
    expect(keys.length).toBeGreaterThanOrEqual(2);
    // The control: what is there is found, keys and text alike, and what was never there is not.
    const [unknown, text, ...held] = look();
    expect(unknown).toBe(0);
    expect([text, ...held].every((times) => (times ?? 0) > 0)).toBe(true);
    child.stdin.write('shred\n');
    await until('shredded');
    // Of the text nothing is promised: JavaScript's strings cannot be erased.
    const [, , ...left] = look();
    expect(left).toEqual(keys.map(() => 0));
    child.stdin.end('end\n');
  });
});
