import { canonicalJson, sha256 } from '@cloister/core';
import { z } from 'zod';
import { evidenceError } from '../errors.ts';
import { TCB_STATUSES, type TcbStatus } from '../tdx/tcb-status.ts';

/** The measurements that can be pinned, 48 bytes each in lower-case hex. */
export const PINS = [
  'mrSeam',
  'mrTd',
  'rtmr0',
  'rtmr1',
  'rtmr2',
  'rtmr3',
  'mrConfigId',
  'mrOwner',
  'mrOwnerConfig',
] as const;

/** The name of a measurement that can be pinned. */
export type Pin = (typeof PINS)[number];

/** What a client demands of an enclave. Data, so that it can be written down, hashed and reviewed. */
export interface EvidencePolicy {
  readonly tee: 'tdx';
  /**
   * The guest and what it runs. Either the guest image with its configuration (mrTd, rtmr1, rtmr2 and mrConfigId, the CoCo
   * init-data digest), or the whole tuple (mrTd, rtmr0 to rtmr3). mrConfigId alone is refused: the host writes it, so it
   * says something only together with an image that acts on it.
   */
  readonly workload: Readonly<Partial<Record<Pin, string>>>;
  /** SHA-256 of the gateway's canonical effective configuration, hex. */
  readonly deployment: string;
  /** TCB statuses to accept; UpToDate alone unless said. Revoked can never be accepted. */
  readonly acceptedTcb?: readonly Exclude<TcbStatus, 'Revoked'>[];
  /** Floor of Intel's tcbEvaluationDataNumber; none unless said. */
  readonly minimumEvaluationNumber?: number;
  /** How long a verdict may be used, ms; one hour unless said, at most 24. */
  readonly maxAge?: number;
  /** GPUs whose evidence must verify. Refused for now: see `gpu.evidence`. */
  readonly gpus?: { readonly arch: string; readonly count: number };
}

const hex = (bytes: number): z.ZodType<string> => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));
const ACCEPTABLE = TCB_STATUSES.filter((status) => status !== 'Revoked');

const formSchema: z.ZodType<EvidencePolicy> = z.strictObject({
  tee: z.literal('tdx'),
  workload: z.partialRecord(z.enum(PINS), hex(48)),
  deployment: hex(32),
  acceptedTcb: z.array(z.enum(ACCEPTABLE)).min(1).exactOptional(),
  minimumEvaluationNumber: z.int().min(0).max(0xffff_ffff).exactOptional(),
  maxAge: z.int().min(1000).max(86_400_000).exactOptional(),
  gpus: z.strictObject({ arch: z.string().regex(/^[A-Z0-9_]{1,32}$/), count: z.int().min(1).max(16) }).exactOptional(),
});

const SUFFICIENT: readonly (readonly Pin[])[] = [
  ['mrTd', 'rtmr1', 'rtmr2', 'mrConfigId'],
  ['mrTd', 'rtmr0', 'rtmr1', 'rtmr2', 'rtmr3'],
];

function pinsWorkload({ workload }: EvidencePolicy): boolean {
  return SUFFICIENT.some((pins) => pins.every((pin) => workload[pin] !== undefined));
}

/** Schema of a policy, for those who keep it inside a larger one; it refuses what `parseEvidencePolicy` refuses. */
export const evidencePolicySchema: z.ZodType<EvidencePolicy> = formSchema.refine(pinsWorkload);

/**
 * Parses a policy, strictly: unknown members are refused, and so is a policy that does not pin workload and deployment.
 * @throws CloisterError ERR_EVIDENCE_POLICY_INVALID or ERR_EVIDENCE_POLICY_UNPINNED
 */
export function parseEvidencePolicy(value: unknown): EvidencePolicy {
  const result = formSchema.safeParse(value);
  if (!result.success) throw evidenceError('ERR_EVIDENCE_POLICY_INVALID');
  if (!pinsWorkload(result.data)) throw evidenceError('ERR_EVIDENCE_POLICY_UNPINNED');
  return result.data;
}

/** SHA-256 of the policy's canonical JSON, 32 bytes. */
export function digestEvidencePolicy(policy: EvidencePolicy): Uint8Array {
  return sha256(canonicalJson(policy));
}
