import { attest, type AttestOptions, createCollateral } from '@cloister/client';
import { resolveIdentity } from '@cloister/evidence';
import { verifyReferenceManifest } from '@cloister/evidence/rim';
import { AppraisalError } from '@cloister/evidence/tdx';
import type { Command, Invocation } from '../command.ts';
import { cliError } from '../errors.ts';
import { type EvidenceReport, printReport } from '../evidence/evidence-report.ts';
import { describeIdentity } from '../evidence/judge-bundle.ts';
import { readCollateral } from '../input/read-collateral.ts';
import { readPolicy } from '../input/read-judgement.ts';
import { readRoots } from '../input/read-roots.ts';

/** `cloister attest URL`: judges a gateway that runs. */
export const attestCommand: Command = {
  details: [
    'Sends 32 random bytes and nothing else. The policy has to pin the workload and the deployment, as for attest() of',
    '@cloister/client. Collateral is what the gateway sends along, what a file holds, or what the vendors answer:',
    'GPUs need one of the last two.',
  ].join('\n'),
  options: {
    policy: { value: 'FILE', help: 'what the gateway must prove: an evidence policy in JSON or YAML; required' },
    roots: { value: 'FILE', help: 'test roots (PEM, or the file of gateway:simulated); the verdict says SIMULATED' },
    collateral: { value: 'FILE', help: "what a client's exportBundle() gave; no service is asked" },
    'fetch-collateral': { help: "ask the vendors' services for collateral" },
  },
  async run(invocation) {
    return printReport(await judgeLive(invocation), invocation.terminal, invocation.isJson);
  },
};

async function judgeLive(invocation: Invocation): Promise<EvidenceReport> {
  const rootsFile = invocation.option('roots');
  const policy = await readPolicy(invocation.need('policy'));
  const roots = rootsFile === undefined ? {} : { roots: await readRoots(rootsFile) };
  const vendors = await chooseCollateral(invocation, roots);
  const url = invocation.operands[0] as string;
  invocation.terminal.note(`asking ${url} for evidence`);
  try {
    await using enclave = await attest(url, { policy, ...roots, ...vendors, verifyManifest: verifyReferenceManifest });
    return describeIdentity(resolveIdentity(enclave.identity), 'evidence of a running gateway');
  } catch (error) {
    if (!(error instanceof AppraisalError)) throw error;
    const { code, message, fix, checks } = error;
    const subject = 'evidence of a running gateway';
    return { verdict: 'reject', subject, refusal: { code, message, fix }, at: Date.now(), checks, fields: {} };
  }
}

async function chooseCollateral(
  invocation: Invocation,
  roots: Pick<AttestOptions, 'roots'>,
): Promise<Pick<AttestOptions, 'collateral'>> {
  const file = invocation.option('collateral');
  if (invocation.has('fetch-collateral')) {
    if (file !== undefined) throw cliError('ERR_CLI_OPTION_EXCLUSIVE', { subject: '--collateral' });
    return { collateral: createCollateral({ whenDown: 'cached', ...roots }) };
  }
  if (file === undefined) return {};
  const { kept } = await readCollateral(file, { now: Date.now(), roots: roots.roots });
  if (kept === undefined) throw cliError('ERR_CLI_OPTION_VALUE', { subject: '--collateral' });
  return { collateral: kept };
}
