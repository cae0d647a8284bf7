import { verifyLog } from '@cloister/audit/node';
import { judgeLog, KEY_OPTION, readKey, readText } from '../audit/judge-log.ts';
import type { Command } from '../command.ts';

/** `cloister audit verify DIRECTORY`: judges an audit log offline. */
export const auditVerify: Command = {
  name: 'audit verify',
  summary: 'judge an audit log offline: signature, every event, the tree, tiles and segments',
  operands: ['DIRECTORY'],
  details: [
    'The key comes from a source other than the directory. A checkpoint that was kept elsewhere shows that the log was not',
    'cut, put back or rewritten since: without one, its owner could have done all that.',
  ].join('\n'),
  options: {
    ...KEY_OPTION,
    pinned: { value: 'FILE', help: 'a checkpoint of this log that was kept elsewhere' },
  },
  run: (invocation) =>
    judgeLog(invocation, async () => {
      const { operands, terminal, isJson } = invocation;
      const file = invocation.option('pinned');
      const pinned = file === undefined ? [] : [await readText(file)];
      const report = await verifyLog(operands[0] as string, await readKey(invocation), { pinned });
      const { origin, size, root, first, unsigned, tailBytes, refused, unfinished } = report;
      const facts = { origin, size, root, first, unsigned, tailBytes, refused, unfinished, pinned: pinned.length };
      const events = { ...report.events } as Readonly<Record<string, number>>;
      if (isJson) return terminal.json({ verdict: 'accept', ...facts, keyAttested: report.keyAttested, events });
      terminal.line(`${terminal.paint('good', 'ACCEPTED')}  ${size} events of ${origin}`);
      for (const [name, value] of Object.entries({ ...facts, ...events })) {
        terminal.line(`  ${name.padEnd(20)}  ${value}`);
      }
      terminal.line('  the key is not attested; only a pinned checkpoint or a witness shows a rewritten log');
    }),
};
