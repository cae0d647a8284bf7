import { z } from 'zod';
import { evidenceError } from '../errors.ts';
import { PINS, type Pin } from './quote-types.ts';
import { type AcceptableTcbStatus, TCB_STATUSES } from './tcb-status.ts';

/** An event that has to stand exactly once in the replayed log of a register: by name and payload, or by digest alone. */
export type EventPin =
  | {
      /** RTMR 0 to 3. */
      readonly register: number;
      /** Its name in a JSON log, for example `compose-hash`. */
      readonly name: string;
      /** What it recorded, lower-case hex. */
      readonly payload: string;
    }
  | {
      readonly register: number;
      /** SHA-384 that was extended into the register, lower-case hex. */
      readonly digest: string;
    };

/** Values to accept for each measurement: 48 bytes in lower-case hex, or several of them. */
export type WorkloadPins = Readonly<Partial<Record<Pin, string | readonly string[]>>>;

/** Which TCB a policy accepts of an Intel platform. Everything is off unless said: UpToDate alone. */
export interface TdxTcbPolicy {
  /** TCB statuses to accept; UpToDate alone unless said. Revoked can never be accepted. */
  readonly acceptedTcb?: readonly AcceptableTcbStatus[] | undefined;
  /**
   * Decisions about advisories: the id and the last moment at which the decision holds, ISO 8601 in UTC. With this member,
   * advisories of an accepted status that are not named here, or no longer, refuse the platform.
   */
  readonly advisories?: Readonly<Record<string, string>> | undefined;
  /** How long after the date of its TCB level an out-of-date platform counts as if it were not, ms; at most a year. */
  readonly gracePeriod?: number | undefined;
  /** Floor of Intel's tcbEvaluationDataNumber; none unless said. */
  readonly minimumEvaluationNumber?: number | undefined;
}

/** What a policy can demand of a TDX guest beyond a good quote. */
export interface TdxPolicy extends TdxTcbPolicy {
  /**
   * The guest and what it runs. Either the guest image with its configuration (mrTd, rtmr1, rtmr2 and mrConfigId, the CoCo
   * init-data digest), or the image and an event of RTMR3 (dstack's compose hash), or the whole tuple (mrTd, rtmr0 to rtmr3).
   * mrConfigId alone is refused: the host writes it, so it says something only together with an image that acts on it.
   */
  readonly workload: WorkloadPins;
  /** Events of the log that the guest sent; it is replayed against the quote's registers. */
  readonly events?: readonly EventPin[] | undefined;
  /** Platforms to accept by provisioning id, 16 bytes in lower-case hex each. */
  readonly ppids?: readonly string[] | undefined;
  /** Platform families to accept by FMSPC, 6 bytes in lower-case hex each. */
  readonly fmspcs?: readonly string[] | undefined;
}

const hex = (bytes: number): z.ZodType<string> => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));
const some = <Value>(item: z.ZodType<Value>): z.ZodType<readonly Value[]> => z.array(item).min(1).max(1024);
const ACCEPTABLE: readonly AcceptableTcbStatus[] = TCB_STATUSES.filter((status) => status !== 'Revoked');
const YEAR = 366 * 86_400_000;
const register = z.int().min(0).max(3);
const payload = z
  .string()
  .max(4096)
  .regex(/^(?:[0-9a-f]{2})*$/);
const event: z.ZodType<EventPin> = z.union([
  z.strictObject({ register, name: z.string().min(1).max(128), payload }),
  z.strictObject({ register, digest: hex(48) }),
]);

type Optional<Name extends keyof TdxPolicy> = z.ZodExactOptional<z.ZodType<Exclude<TdxPolicy[Name], undefined>>>;

/** Schemas of the members of a policy that only TDX has. */
export const tdxPolicyMembers: {
  readonly workload: z.ZodType<WorkloadPins>;
  readonly events: Optional<'events'>;
  readonly acceptedTcb: Optional<'acceptedTcb'>;
  readonly advisories: Optional<'advisories'>;
  readonly gracePeriod: Optional<'gracePeriod'>;
  readonly minimumEvaluationNumber: Optional<'minimumEvaluationNumber'>;
  readonly ppids: Optional<'ppids'>;
  readonly fmspcs: Optional<'fmspcs'>;
} = {
  workload: z.partialRecord(z.enum(PINS), z.union([hex(48), some(hex(48))])),
  events: some(event).exactOptional(),
  acceptedTcb: some(z.enum(ACCEPTABLE)).exactOptional(),
  advisories: z
    .record(z.string().regex(/^INTEL-[A-Z]{2,4}-\d{1,8}$/), z.iso.datetime({ precision: 0 }))
    .exactOptional(),
  gracePeriod: z.int().min(0).max(YEAR).exactOptional(),
  minimumEvaluationNumber: z.int().min(0).max(0xffff_ffff).exactOptional(),
  ppids: some(hex(16)).exactOptional(),
  fmspcs: some(hex(6)).exactOptional(),
};

const bareSchema: z.ZodType<Partial<TdxPolicy>> = z.strictObject({
  ...tdxPolicyMembers,
  workload: tdxPolicyMembers.workload.exactOptional(),
});

/**
 * Parses what a caller demands of a bare quote: the members of a policy that only TDX has, all of them optional.
 * @throws CloisterError ERR_EVIDENCE_POLICY_INVALID
 */
export function parseTdxPolicy(value: unknown): Partial<TdxPolicy> {
  const result = bareSchema.safeParse(value);
  if (!result.success) throw evidenceError('ERR_EVIDENCE_POLICY_INVALID');
  return result.data;
}

const IMAGE: readonly Pin[] = ['mrTd', 'rtmr1', 'rtmr2'];
const TUPLE: readonly Pin[] = ['mrTd', 'rtmr0', 'rtmr1', 'rtmr2', 'rtmr3'];

/** Whether the pins of a policy say which workload runs. */
export function pinsTdxWorkload({ workload, events = [] }: Pick<TdxPolicy, 'workload' | 'events'>): boolean {
  const pinned = (pins: readonly Pin[]): boolean => pins.every((pin) => workload[pin] !== undefined);
  const configured = workload.mrConfigId !== undefined || events.some((pin) => pin.register === 3);
  return pinned(TUPLE) || (pinned(IMAGE) && configured);
}
