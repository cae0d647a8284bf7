import { setTimeout as sleep } from 'node:timers/promises';
import { readLog, type StoredEvent } from '@cloister/audit/node';
import { judgeLog, parseIndex } from '../audit/judge-log.ts';
import type { Command, Invocation } from '../command.ts';

const DEFAULT_COUNT = 20;
const INTERVAL = 1000;

/** `cloister audit tail DIRECTORY`: prints the last events. */
export const auditTail: Command = {
  details: 'Shows what is stored; nothing is verified. The writer is not disturbed: no lock is taken.',
  options: {
    count: { value: 'N', help: `how many; ${DEFAULT_COUNT} unless said` },
    follow: { help: 'go on until interrupted' },
  },
  run: (invocation) =>
    judgeLog(invocation, async () => {
      const count = parseIndex(invocation.option('count') ?? String(DEFAULT_COUNT), '--count');
      let next = await printLast(invocation, count);
      while (invocation.has('follow')) {
        await sleep(INTERVAL);
        for await (const stored of readLog(invocation.operands[0] as string, { from: next })) {
          print(invocation, stored);
          next = stored.index + 1;
        }
      }
    }),
};

/** @returns the index after the last event */
async function printLast(invocation: Invocation, count: number): Promise<number> {
  const last: StoredEvent[] = [];
  let next = 0;
  for await (const stored of readLog(invocation.operands[0] as string)) {
    last.push(stored);
    if (last.length > count) last.shift();
    next = stored.index + 1;
  }
  for (const stored of last) print(invocation, stored);
  return next;
}

function print({ terminal, isJson }: Invocation, { index, event, entry }: StoredEvent): void {
  if (isJson) return terminal.line(Buffer.from(entry).toString('utf8'));
  const { ts, type, outcome } = event;
  const code = 'code' in event ? event.code : '';
  terminal.line(`${String(index).padStart(8)}  ${new Date(ts).toISOString()}  ${outcome.padEnd(9)}  ${type}  ${code}`);
}
