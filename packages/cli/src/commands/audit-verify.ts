import { judgeEpoch } from '@cloister/audit/attestation';
import { verifyLog, type JudgeEpoch } from '@cloister/audit/node';
import { judgeLog, KEY_OPTION, readKey, readText } from '../audit/judge-log.ts';
import type { Command, Invocation } from '../command.ts';
import { readPolicy } from '../input/read-judgement.ts';
import { readRoots } from '../input/read-roots.ts';

/** `cloister audit verify DIRECTORY`: judges an audit log offline. */
export const auditVerify: Command = {
  details: [
    'The key comes from a source other than the directory. A checkpoint that was kept elsewhere shows that the log was not',
    'cut, put back or rewritten since: without one, its owner could have done all that. With --policy every key that signed',
    'the log must be bound to an enclave that satisfies it, as of the time at which the key came into use.',
  ].join('\n'),
  options: {
    ...KEY_OPTION,
    policy: { value: 'FILE', help: 'what the evidence of the keys must show: an evidence policy in JSON or YAML' },
    roots: { value: 'FILE', help: 'test roots (PEM, or the file of gateway:simulated); the verdict says SIMULATED' },
    pinned: { value: 'FILE', help: 'a checkpoint of this log that was kept elsewhere' },
  },
  run: (invocation) =>
    judgeLog(invocation, async () => {
      const { operands, terminal, isJson } = invocation;
      const file = invocation.option('pinned');
      const pinned = file === undefined ? [] : [await readText(file)];
      const report = await verifyLog(operands[0] as string, await readKey(invocation), {
        pinned,
        judge: await readJudge(invocation),
      });
      const { events: counts, keyAttested, simulated, ...known } = report;
      const { origin, size } = known;
      const facts = { ...known, pinned: pinned.length };
      const events = { ...counts } as Readonly<Record<string, number>>;
      if (isJson) return terminal.json({ verdict: 'accept', ...facts, keyAttested, simulated, events });
      terminal.line(`${terminal.paint('good', 'ACCEPTED')}  ${size} events of ${origin}`);
      for (const [name, value] of Object.entries({ ...facts, ...events })) {
        terminal.line(`  ${name.padEnd(20)}  ${value}`);
      }
      terminal.line(
        `  ${describeKeys(keyAttested, simulated)}; only a pinned checkpoint or a witness shows a rewritten log`,
      );
    }),
};

async function readJudge(invocation: Invocation): Promise<JudgeEpoch | undefined> {
  const [policy, roots] = [invocation.option('policy'), invocation.option('roots')];
  if (policy === undefined) return undefined;
  return judgeEpoch(await readPolicy(policy), { roots: roots === undefined ? undefined : await readRoots(roots) });
}

function describeKeys(isAttested: boolean, isSimulated: boolean): string {
  if (!isAttested) return 'the keys are not attested';
  return `the keys are bound to enclaves${isSimulated ? ' that are SIMULATED' : ''}`;
}
