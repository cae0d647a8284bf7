import * as z from 'zod/mini';
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

const hex = (bytes: number): z.ZodMiniType<string> => z.string().check(z.regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`)));
const some = <Value>(item: z.ZodMiniType<Value>): z.ZodMiniType<readonly Value[]> =>
  z.array(item).check(z.minLength(1), z.maxLength(1024));
const ACCEPTABLE: readonly AcceptableTcbStatus[] = TCB_STATUSES.filter((status) => status !== 'Revoked');
const YEAR = 366 * 86_400_000;
const integer = (most: number): z.ZodMiniType<number> => z.int().check(z.minimum(0), z.maximum(most));
const register = integer(3);
const name = z.string().check(z.minLength(1), z.maxLength(128));
const payload = z.string().check(z.maxLength(4096), z.regex(/^(?:[0-9a-f]{2})*$/));
const event: z.ZodMiniType<EventPin> = z.union([
  z.strictObject({ register, name, payload }),
  z.strictObject({ register, digest: hex(48) }),
]);

type Optional<Name extends keyof TdxPolicy> = z.ZodMiniExactOptional<
  z.ZodMiniType<Exclude<TdxPolicy[Name], undefined>>
>;

/** Schemas of the members of a policy that only TDX has. */
export const tdxPolicyMembers: {
  readonly workload: z.ZodMiniType<WorkloadPins>;
  readonly events: Optional<'events'>;
  readonly acceptedTcb: Optional<'acceptedTcb'>;
  readonly advisories: Optional<'advisories'>;
  readonly gracePeriod: Optional<'gracePeriod'>;
  readonly minimumEvaluationNumber: Optional<'minimumEvaluationNumber'>;
  readonly ppids: Optional<'ppids'>;
  readonly fmspcs: Optional<'fmspcs'>;
} = {
  workload: z.partialRecord(z.enum(PINS), z.union([hex(48), some(hex(48))])),
  events: z.exactOptional(some(event)),
  acceptedTcb: z.exactOptional(some(z.enum(ACCEPTABLE))),
  advisories: z.exactOptional(
    z.record(z.string().check(z.regex(/^INTEL-[A-Z]{2,4}-\d{1,8}$/)), z.iso.datetime({ precision: 0 })),
  ),
  gracePeriod: z.exactOptional(integer(YEAR)),
  minimumEvaluationNumber: z.exactOptional(integer(0xffff_ffff)),
  ppids: z.exactOptional(some(hex(16))),
  fmspcs: z.exactOptional(some(hex(6))),
};

const bareSchema: z.ZodMiniType<Partial<TdxPolicy>> = z.strictObject({
  ...tdxPolicyMembers,
  workload: z.exactOptional(tdxPolicyMembers.workload),
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
