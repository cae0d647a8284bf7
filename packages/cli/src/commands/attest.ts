import { attest, createCollateral } from '@cloister/client';
import { resolveIdentity } from '@cloister/evidence';
import { AppraisalError } from '@cloister/evidence/tdx';
import type { Command, Invocation } from '../command.ts';
import { cliError } from '../errors.ts';
import { type EvidenceReport, printReport } from '../evidence/evidence-report.ts';
import { describeIdentity } from '../evidence/judge-bundle.ts';
import { readPolicy, readRoots } from '../input/read-judgement.ts';

/** `cloister attest URL`: judges a gateway that runs. */
export const attestCommand: Command = {
  name: 'attest',
  summary: 'fetch the evidence of a running gateway and judge it against a policy',
  operands: ['URL'],
  details: [
    'Sends 32 random bytes and nothing else. The policy has to pin the workload and the deployment, as for attest() of',
    '@cloister/client. Collateral is what the gateway sends along; with --fetch-collateral it comes from the vendors.',
  ].join('\n'),
  options: {
    policy: { value: 'FILE', help: 'what the gateway must prove: an evidence policy in JSON or YAML; required' },
    roots: { value: 'FILE', help: 'test roots (PEM, or the file of gateway:simulated); the verdict says SIMULATED' },
    'fetch-collateral': { help: "ask the vendors' services for collateral" },
  },
  async run(invocation) {
    return printReport(await judgeLive(invocation), invocation.terminal, invocation.isJson);
  },
};

async function judgeLive(invocation: Invocation): Promise<EvidenceReport> {
  const [policyFile, rootsFile] = [invocation.option('policy'), invocation.option('roots')];
  if (policyFile === undefined) throw cliError('ERR_CLI_USAGE', { subject: '--policy' });
  const policy = await readPolicy(policyFile);
  const roots = rootsFile === undefined ? {} : { roots: await readRoots(rootsFile) };
  const vendors = invocation.has('fetch-collateral')
    ? { collateral: createCollateral({ whenDown: 'cached', ...roots }) }
    : {};
  const url = invocation.operands[0] as string;
  invocation.terminal.note(`asking ${url} for evidence`);
  try {
    await using enclave = await attest(url, { policy, ...roots, ...vendors });
    return describeIdentity(resolveIdentity(enclave.identity), 'evidence of a running gateway');
  } catch (error) {
    if (!(error instanceof AppraisalError)) throw error;
    const { code, message, fix, checks } = error;
    const subject = 'evidence of a running gateway';
    return { verdict: 'reject', subject, refusal: { code, message, fix }, at: Date.now(), checks, fields: {} };
  }
}
