import { type CpuEvidence, isCloisterError, sha256, toHex, utf8 } from '@cloister/core';
import { createSimulatedGpus } from '@cloister/simulator/nvidia';
import { beforeAll, describe, expect, test } from 'vitest';
import { flipBit, loadPhalaV4 } from '../../../test/evidence/load-vectors.ts';
import {
  createKeyset,
  createSimulatedEvidence,
  NOW,
  type SimulatedEvidence,
} from '../../../test/evidence/simulated-bundle.ts';
import { CATALOGUES } from './catalogue.ts';
import {
  AppraisalError,
  appraise,
  type AppraiseOptions,
  encodeEvidenceBundle,
  encodeSignedDeployment,
  encodeKeyset,
  type EvidenceBundle,
  type EvidencePolicy,
  digestEvidencePolicy,
  parseEvidenceBundle,
  resolveIdentity,
  VENDOR_ROOTS,
} from './index.ts';

const GPUS = { arch: 'HOPPER', count: 1, drivers: ['550.90.07'], vbios: ['96.00.9F.00.01'] } as const;

let own: SimulatedEvidence;
let other: SimulatedEvidence;
let options: AppraiseOptions;

beforeAll(async () => {
  own = await createSimulatedEvidence({ seed: 1 });
  // Same platform, another session: what an attacker would splice from.
  other = await createSimulatedEvidence({ seed: 99, tee: own.tee });
  options = { now: NOW, nonce: own.nonce, roots: own.tee.roots };
});

async function codeOf(
  bundle: EvidenceBundle,
  changes: { policy?: object; options?: Partial<AppraiseOptions> } = {},
): Promise<string> {
  const policy = { ...own.policy, ...changes.policy } as EvidencePolicy;
  return appraise(bundle, policy, { ...options, ...changes.options }).then(
    () => 'accept',
    (error: unknown) => (isCloisterError(error) ? error.code : 'foreign error'),
  );
}

describe('an accepted appraisal', () => {
  test('names TEE, measurements, keys, digests and the earliest end', async () => {
    const identity = await appraise(own.bundle, own.policy, options);
    expect(identity).toMatchObject({
      tee: 'tdx',
      simulated: true,
      tcbStatus: 'UpToDate',
      workload: own.tee.measurements.mrConfigId,
    });
    expect(identity.deployment).toBe(own.policy.deployment);
    expect(identity.keyset).toEqual(createKeyset(1));
    expect(identity.keysetDigest).toEqual(sha256(own.bundle.keyset));
    expect(identity.evidenceDigest).toEqual(sha256(utf8(encodeEvidenceBundle(own.bundle))));
    expect(identity.policyDigest).toEqual(digestEvidencePolicy(own.policy));
    expect(identity.expiresAt).toBe(NOW + 3_600_000);
    expect(identity.checks.map(({ id }) => id)).toEqual(CATALOGUES.tdx.ids);
    expect(
      identity.checks.every(({ result, reason }) => result === 'pass' || (result === 'skip' && reason !== undefined)),
    ).toBe(true);
  });

  test('is the same in a second process: from the encoded bundle, byte for byte', async () => {
    const first = await appraise(own.bundle, own.policy, options);
    const second = await appraise(parseEvidenceBundle(encodeEvidenceBundle(own.bundle)), own.policy, options);
    expect(second).toEqual(first);
    expect(first.inputs.find(({ name }) => name === 'nonce')?.sha256).toBe(toHex(sha256(own.nonce)));
  });

  test('ends with the policy, the keyset or the collateral, whichever is first', async () => {
    const hour = await appraise(own.bundle, { ...own.policy, maxAge: 60_000 }, options);
    expect(hour.expiresAt).toBe(NOW + 60_000);
    const short = await createSimulatedEvidence({ keyset: { notAfter: NOW + 1000 } });
    const { expiresAt } = await appraise(short.bundle, short.policy, {
      now: NOW,
      nonce: short.nonce,
      roots: short.tee.roots,
    });
    expect(expiresAt).toBe(NOW + 1000);
  });

  test('has a digest that does not rotate with nonce and keys, but changes with what runs', async () => {
    const first = await appraise(own.bundle, own.policy, options);
    const second = await appraise(other.bundle, other.policy, { ...options, nonce: other.nonce });
    expect(second.keysetDigest).not.toEqual(first.keysetDigest);
    expect(second.digest).toEqual(first.digest);
    const changed = await createSimulatedEvidence({ mrConfigId: new Uint8Array(48).fill(3) });
    const third = await appraise(changed.bundle, changed.policy, {
      now: NOW,
      nonce: changed.nonce,
      roots: changed.tee.roots,
    });
    expect(third.digest).not.toEqual(first.digest);
  });

  test('is a handle: neither a copy nor a cast resolves', async () => {
    const identity = await appraise(own.bundle, own.policy, options);
    expect(resolveIdentity(identity).digest).toEqual(identity.digest);
    expect(Object.isFrozen(identity)).toBe(true);
    for (const forged of [{ ...identity }, structuredClone(identity), {}, undefined]) {
      expect(() => resolveIdentity(forged)).toThrow(expect.objectContaining({ code: 'ERR_EVIDENCE_NOT_VERIFIED' }));
    }
  });
});

describe('roots', () => {
  test('the production root refuses simulated evidence', async () => {
    expect(await codeOf(own.bundle, { options: { roots: undefined } })).toBe('ERR_EVIDENCE_ROOT_UNTRUSTED');
  });

  test('roots for tests do not accept genuine evidence, and genuine evidence does not fit our binding', async () => {
    const { quote, collateral, at } = loadPhalaV4();
    const bundle: EvidenceBundle = { ...own.bundle, cpu: { tee: 'tdx', quote }, collateral };
    expect(await codeOf(bundle, { options: { now: at } })).toBe('ERR_EVIDENCE_ROOT_UNTRUSTED');
    expect(await codeOf(bundle, { options: { now: at, roots: undefined } })).toBe('ERR_EVIDENCE_REPORT_DATA_MISMATCH');
  });
});

describe('splices from another genuine bundle of the same platform', () => {
  test('the control: both bundles are accepted for their own callers', async () => {
    expect(await codeOf(own.bundle)).toBe('accept');
    expect(await codeOf(other.bundle, { options: { nonce: other.nonce } })).toBe('accept');
  });

  test('the whole bundle', async () => {
    expect(await codeOf(other.bundle)).toBe('ERR_EVIDENCE_NONCE_MISMATCH');
  });

  test('the whole bundle under our nonce', async () => {
    expect(await codeOf({ ...other.bundle, nonce: own.nonce })).toBe('ERR_EVIDENCE_REPORT_DATA_MISMATCH');
  });

  test.each(['keyset', 'nonceProof'] as const)('%s', async (member) => {
    expect(await codeOf({ ...own.bundle, [member]: other.bundle[member] })).toBe('ERR_EVIDENCE_REPORT_DATA_MISMATCH');
  });

  test('the quote', async () => {
    expect(await codeOf({ ...own.bundle, cpu: other.bundle.cpu })).toBe('ERR_EVIDENCE_REPORT_DATA_MISMATCH');
  });

  test('GPU evidence added', async () => {
    const gpu = { arch: 'HOPPER', report: new Uint8Array(8), certChain: new Uint8Array(8) };
    expect(await codeOf({ ...own.bundle, gpus: [gpu] })).toBe('ERR_EVIDENCE_REPORT_DATA_MISMATCH');
  });

  test('collateral of another platform', async () => {
    const stranger = await createSimulatedEvidence();
    const { collateral } = stranger.tee;
    expect(await codeOf({ ...own.bundle, collateral })).toBe('ERR_EVIDENCE_CRL_INVALID');
  });

  test('a nonce at another place of the same tree', async () => {
    const proof = { ...own.bundle.nonceProof, index: 1 };
    expect(await codeOf({ ...own.bundle, nonceProof: proof })).toBe('ERR_EVIDENCE_REPORT_DATA_MISMATCH');
    expect(await codeOf({ ...own.bundle, nonceProof: { ...proof, path: [] } })).toBe('ERR_EVIDENCE_NONCES_INVALID');
  });
});

describe('pins', () => {
  test('another deployment', async () => {
    expect(await codeOf(own.bundle, { policy: { deployment: '00'.repeat(32) } })).toBe(
      'ERR_EVIDENCE_DEPLOYMENT_MISMATCH',
    );
  });

  test.each(['mrSeam', 'mrTd', 'rtmr0', 'rtmr1', 'rtmr2', 'rtmr3', 'mrConfigId', 'mrOwner', 'mrOwnerConfig'] as const)(
    'another %s',
    async (pin) => {
      const workload = (value: string): object => ({ policy: { workload: { ...own.policy.workload, [pin]: value } } });
      expect(await codeOf(own.bundle, workload(own.tee.measurements[pin]))).toBe('accept');
      expect(await codeOf(own.bundle, workload('ef'.repeat(48)))).toBe('ERR_EVIDENCE_MEASUREMENT_MISMATCH');
    },
  );

  test('a policy without pins throws before any check', async () => {
    const error: unknown = await appraise(own.bundle, { ...own.policy, workload: {} }, options).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'ERR_EVIDENCE_POLICY_UNPINNED' });
    expect(error).not.toBeInstanceOf(AppraisalError);
  });
});

describe('keysets', () => {
  async function withKeyset(changes: object): Promise<string> {
    const evidence = await createSimulatedEvidence({ keyset: changes });
    return codeOf(evidence.bundle, {
      policy: evidence.policy,
      options: { nonce: evidence.nonce, roots: evidence.tee.roots },
    });
  }
  const MINUTE = 60_000;

  test.each([
    ['one that ended', { notBefore: NOW - 10 * MINUTE, notAfter: NOW - 1 }, 'ERR_EVIDENCE_KEYSET_EXPIRED'],
    [
      'one that begins later than clocks differ',
      { notBefore: NOW + 6 * MINUTE, notAfter: NOW + 30 * MINUTE },
      'ERR_EVIDENCE_KEYSET_EXPIRED',
    ],
    ['one that begins within clock tolerance', { notBefore: NOW + 4 * MINUTE, notAfter: NOW + 30 * MINUTE }, 'accept'],
    ['one that lives longer than an hour', { notAfter: NOW + 61 * MINUTE }, 'ERR_EVIDENCE_KEYSET_EXPIRED'],
  ])('%s', async (_, changes, expected) => {
    expect(await withKeyset(changes)).toBe(expected);
  });

  test('one that is not canonical, though the quote vouches for it', async () => {
    const { createNonceRoot, createReportData } = await import('./index.ts');
    const keyset = utf8(`${new TextDecoder().decode(encodeKeyset(createKeyset()))}\n`);
    const { root, proofs } = createNonceRoot([own.nonce]);
    const cpu = await own.tee.provider.collect(createReportData({ nonceRoot: root, keyset, gpus: [] }));
    const [nonceProof = own.bundle.nonceProof] = proofs;
    expect(await codeOf({ ...own.bundle, keyset, cpu, nonceProof })).toBe('ERR_EVIDENCE_KEYSET_MALFORMED');
  });
});

describe('what cannot be verified is refused or said', () => {
  test('a policy that names a GPU where the bundle holds none', async () => {
    expect(await codeOf(own.bundle, { policy: { gpus: GPUS } })).toBe('ERR_EVIDENCE_GPU_MISSING');
  });

  test('another TEE than the policy names', async () => {
    const cpu: CpuEvidence = { tee: 'sev-snp', report: new Uint8Array(1184) };
    expect(await codeOf({ ...own.bundle, cpu })).toBe('ERR_EVIDENCE_TEE_MISMATCH');
  });

  test('missing collateral; given collateral steps in', async () => {
    const { collateral, ...bundle } = own.bundle;
    expect(await codeOf(bundle)).toBe('ERR_EVIDENCE_COLLATERAL_MISSING');
    expect(await codeOf(bundle, { options: { collateral } })).toBe('accept');
  });

  test('a refusal carries every check, and nothing of the evidence', async () => {
    const cpu: CpuEvidence = {
      tee: 'tdx',
      quote: flipBit(own.bundle.cpu.tee === 'tdx' ? own.bundle.cpu.quote : new Uint8Array(), 200),
    };
    const error: unknown = await appraise({ ...own.bundle, cpu }, own.policy, options).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(AppraisalError);
    expect((error as AppraisalError).code).toBe('ERR_EVIDENCE_QUOTE_SIGNATURE');
    expect((error as AppraisalError).checks.map(({ id }) => id)).toEqual(CATALOGUES.tdx.ids);
    expect((error as AppraisalError).cause).toBeUndefined();
  });
});

describe('GPUs', () => {
  const clock = { now: () => NOW, monotonic: () => 0 };
  const devices = createSimulatedGpus({ clock, count: 2 });
  const gpuCollateral = { keys: devices.keys };
  let machine: SimulatedEvidence;
  let second: SimulatedEvidence;

  beforeAll(async () => {
    machine = await createSimulatedEvidence({ seed: 1, gpus: devices });
    second = await createSimulatedEvidence({ seed: 99, tee: machine.tee });
  });

  async function outcome(bundle: EvidenceBundle, roots = machine.tee.roots): Promise<string> {
    const policy = { ...machine.policy, gpus: devices.policy };
    return appraise(bundle, policy, { now: NOW, nonce: machine.nonce, roots, gpuCollateral }).then(
      ({ gpus, simulated }) => `${gpus} ${simulated ? 'simulated' : 'genuine'}`,
      (error: unknown) => (isCloisterError(error) ? error.code : 'foreign error'),
    );
  }

  test('are verified with the nonce of the same caller, by report and by token', async () => {
    expect(await outcome(machine.bundle)).toBe('2 simulated');
  });

  test('evidence of another session does not fit the quote, nor does one device alone', async () => {
    expect(await outcome({ ...machine.bundle, gpus: second.bundle.gpus })).toBe('ERR_EVIDENCE_REPORT_DATA_MISMATCH');
    expect(await outcome({ ...machine.bundle, gpus: machine.bundle.gpus.slice(1) })).toBe(
      'ERR_EVIDENCE_REPORT_DATA_MISMATCH',
    );
  });

  test('end in roots of their own: those of the processor alone do not do', async () => {
    const { nvidia: _, ...cpuOnly } = machine.tee.roots;
    expect(await outcome(machine.bundle, cpuOnly)).toBe('ERR_EVIDENCE_ROOT_UNTRUSTED');
    expect(await outcome(machine.bundle, { ...machine.tee.roots, nvidia: VENDOR_ROOTS.nvidia })).toBe(
      'ERR_EVIDENCE_ROOT_UNTRUSTED',
    );
  });
});

describe('an owner who signed the deployment', () => {
  async function signedBundle(
    deployment: Uint8Array,
    notAfter: number,
  ): Promise<{ owner: string; bundle: EvidenceBundle }> {
    const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
    const message = new Uint8Array(encodeSignedDeployment(deployment, notAfter));
    const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', pair.privateKey, message));
    const owner = toHex(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)));
    return { owner, bundle: { ...own.bundle, deploymentSignature: { notAfter, signature } } };
  }
  const deployment = new Uint8Array(32).fill(0x5a);
  const byOwner = (owner: string): { policy: object } => ({ policy: { owner } });

  test('stands in for the digest, until the signature ends', async () => {
    const { owner, bundle } = await signedBundle(deployment, NOW + 60_000);
    const { deployment: _, ...policy } = { ...own.policy, owner };
    expect((await appraise(bundle, policy, options)).expiresAt).toBe(NOW + 60_000);
    expect(parseEvidenceBundle(encodeEvidenceBundle(bundle))).toEqual(bundle);
  });

  test.each([
    ['another deployment', async () => signedBundle(new Uint8Array(32), NOW + 1), 'ERR_EVIDENCE_OWNER_SIGNATURE'],
    ['a time that has passed', async () => signedBundle(deployment, NOW - 1), 'ERR_EVIDENCE_OWNER_SIGNATURE_EXPIRED'],
    [
      'nobody',
      async () => ({ owner: (await signedBundle(deployment, NOW + 1)).owner, bundle: own.bundle }),
      'ERR_EVIDENCE_OWNER_SIGNATURE',
    ],
  ] as const)('refuses a signature over %s', async (_, make, code) => {
    const { owner, bundle } = await make();
    expect(await codeOf(bundle, byOwner(owner))).toBe(code);
  });

  test('refuses a signature whose end was put off, and another key', async () => {
    const { owner, bundle } = await signedBundle(deployment, NOW + 1);
    const { owner: stranger } = await signedBundle(deployment, NOW + 1);
    const signature = bundle.deploymentSignature?.signature ?? new Uint8Array(64);
    const later = { ...bundle, deploymentSignature: { signature, notAfter: NOW + 2 } };
    expect(await codeOf(later, byOwner(owner))).toBe('ERR_EVIDENCE_OWNER_SIGNATURE');
    expect(await codeOf(bundle, byOwner(stranger))).toBe('ERR_EVIDENCE_OWNER_SIGNATURE');
  });
});
