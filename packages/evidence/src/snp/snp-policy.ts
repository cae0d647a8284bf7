import * as z from 'zod/mini';
import { evidenceError } from '../errors.ts';
import type { AmdLine } from '../trust-roots.ts';
import type { FirmwareVersion, SnpTcb } from './report-types.ts';

/** The fields of a report that can be pinned, with their lengths in bytes. */
export const SNP_PINS = {
  measurement: 48,
  hostData: 32,
  idKeyDigest: 48,
  authorKeyDigest: 48,
  familyId: 16,
  imageId: 16,
} as const;

/** The name of a field that can be pinned. */
export type SnpPin = keyof typeof SNP_PINS;

/** Values to accept for each field: lower-case hex, or several of them. */
export type SnpWorkloadPins = Readonly<Partial<Record<SnpPin, string | readonly string[]>>>;

/** Floors of a TCB by line of processors, each with all parts of the line; a line without one is refused. */
export type SnpTcbFloors = Readonly<Partial<Record<AmdLine, SnpTcb>>>;

/** Bits of the guest's policy (AMD SEV-SNP firmware ABI, guest policy), by name. */
export const GUEST_POLICY_BITS = {
  smt: 16n,
  singleSocket: 20n,
  cxl: 21n,
  aes256Xts: 22n,
  raplDisabled: 23n,
  ciphertextHiding: 24n,
  pageSwapDisabled: 25n,
} as const;

/** Bits of the platform information (AMD SEV-SNP firmware ABI, PLATFORM_INFO), by name. */
export const PLATFORM_BITS = {
  smt: 0n,
  tsme: 1n,
  ecc: 2n,
  raplDisabled: 3n,
  ciphertextHiding: 4n,
  aliasCheckComplete: 5n,
  iommuWriteSafe: 6n,
  tio: 7n,
} as const;

/** What a policy can demand of a SEV-SNP guest beyond a good report. AMD publishes no status of a TCB: floors take its place. */
export interface SnpPolicy {
  /**
   * The guest and what it runs: its launch digest, or the digest of the key that signed its ID block. hostData alone is refused:
   * the host writes it, so it says something only together with an image that acts on it.
   */
  readonly workload: SnpWorkloadPins;
  /** Floor of the reported TCB of each line to accept. */
  readonly minimumTcb: SnpTcbFloors;
  /** Floor of the TCB that the guest was launched on; none unless said. */
  readonly minimumLaunchTcb?: SnpTcbFloors | undefined;
  /** Floor of the committed firmware; none unless said. */
  readonly minimumFirmware?: FirmwareVersion | undefined;
  /** Refuses a platform whose current firmware or TCB is ahead of what it has committed to. */
  readonly committedFirmware?: true | undefined;
  /** Bits that have to be set in the mitigation vectors of a version 5 report, hex of at most 64 bits. */
  readonly mitigations?: { readonly launch?: string | undefined; readonly current?: string | undefined } | undefined;
  /** Floor of the interface version that the guest's policy demands of the firmware. */
  readonly minimumAbi?: { readonly major: number; readonly minor: number } | undefined;
  /** Bits of the guest's policy and the values they must have. */
  readonly guestPolicy?: Readonly<Partial<Record<keyof typeof GUEST_POLICY_BITS, boolean>>> | undefined;
  /** Bits of the platform information and the values they must have. */
  readonly platform?: Readonly<Partial<Record<keyof typeof PLATFORM_BITS, boolean>>> | undefined;
  /** Privilege levels to accept; 0 alone unless said. */
  readonly vmpls?: readonly number[] | undefined;
  /** Floor of the guest's security version; none unless said. */
  readonly minimumGuestSvn?: number | undefined;
  /** Kinds of signing key to accept; both unless said. */
  readonly signers?: readonly ('vcek' | 'vlek')[] | undefined;
  /** Providers whose VLEK to accept, as the certificate names them. */
  readonly providers?: readonly string[] | undefined;
  /** Chips to accept: 64 bytes in lower-case hex, 8 on Turin. With a VLEK the chip is what the report says. */
  readonly chipIds?: readonly string[] | undefined;
}

const some = <Value>(item: z.ZodMiniType<Value>): z.ZodMiniType<readonly Value[]> =>
  z.array(item).check(z.minLength(1), z.maxLength(1024));
const hex = (bytes: number): z.ZodMiniType<string> => z.string().check(z.regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`)));
const integer = (most: number): z.ZodMiniType<number> => z.int().check(z.minimum(0), z.maximum(most));
const byte = integer(0xff);
const filled = (value: object): boolean => Object.keys(value).length > 0;
const parts = { bootloader: byte, tee: byte, snp: byte, microcode: byte };
const floor = z.exactOptional(z.strictObject(parts));
const floors: z.ZodMiniType<SnpTcbFloors> = z
  .strictObject({ Milan: floor, Genoa: floor, Turin: z.exactOptional(z.strictObject({ fmc: byte, ...parts })) })
  .check(z.refine(filled));
const pin = (bytes: number): z.ZodMiniExactOptional<z.ZodMiniType<string | readonly string[]>> =>
  z.exactOptional(z.union([hex(bytes), some(hex(bytes))]));
const bits = <Name extends string>(
  names: Readonly<Record<Name, bigint>>,
): z.ZodMiniType<Partial<Record<Name, boolean>>> =>
  z.partialRecord(z.enum(Object.keys(names) as Name[]), z.boolean()).check(z.refine(filled)) as z.ZodMiniType<
    Partial<Record<Name, boolean>>
  >;
const mask = z.exactOptional(z.string().check(z.regex(/^[0-9a-f]{1,16}$/)));

type Optional<Name extends keyof SnpPolicy> = z.ZodMiniExactOptional<
  z.ZodMiniType<Exclude<SnpPolicy[Name], undefined>>
>;

/** Schemas of the members of a policy that only SEV-SNP has. */
export const snpPolicyMembers: {
  readonly [Name in keyof Required<SnpPolicy>]: Name extends 'workload' | 'minimumTcb'
    ? z.ZodMiniType<SnpPolicy[Name]>
    : Optional<Name>;
} = {
  workload: z.strictObject({
    measurement: pin(SNP_PINS.measurement),
    hostData: pin(SNP_PINS.hostData),
    idKeyDigest: pin(SNP_PINS.idKeyDigest),
    authorKeyDigest: pin(SNP_PINS.authorKeyDigest),
    familyId: pin(SNP_PINS.familyId),
    imageId: pin(SNP_PINS.imageId),
  }),
  minimumTcb: floors,
  minimumLaunchTcb: z.exactOptional(floors),
  minimumFirmware: z.exactOptional(z.strictObject({ major: byte, minor: byte, build: byte })),
  committedFirmware: z.exactOptional(z.literal(true)),
  mitigations: z.exactOptional(z.strictObject({ launch: mask, current: mask }).check(z.refine(filled))),
  minimumAbi: z.exactOptional(z.strictObject({ major: byte, minor: byte })),
  guestPolicy: z.exactOptional(bits(GUEST_POLICY_BITS)),
  platform: z.exactOptional(bits(PLATFORM_BITS)),
  vmpls: z.exactOptional(some(integer(3))),
  minimumGuestSvn: z.exactOptional(integer(0xffff_ffff)),
  signers: z.exactOptional(some(z.enum(['vcek', 'vlek']))),
  providers: z.exactOptional(some(z.string().check(z.minLength(1), z.maxLength(64)))),
  chipIds: z.exactOptional(some(z.union([hex(64), hex(8)]))),
};

const bareSchema: z.ZodMiniType<Partial<SnpPolicy>> = z.strictObject({
  ...snpPolicyMembers,
  workload: z.exactOptional(snpPolicyMembers.workload),
  minimumTcb: z.exactOptional(snpPolicyMembers.minimumTcb),
});

/**
 * Parses what a caller demands of a bare report: the members of a policy that only SEV-SNP has, all of them optional.
 * @throws CloisterError ERR_EVIDENCE_POLICY_INVALID
 */
export function parseSnpPolicy(value: unknown): Partial<SnpPolicy> {
  const result = bareSchema.safeParse(value);
  if (!result.success) throw evidenceError('ERR_EVIDENCE_POLICY_INVALID');
  return result.data;
}

/** Whether the pins of a policy say which workload runs. A digest of zeros names no key: it stands in reports without one. */
export function pinsSnpWorkload({ workload }: Pick<SnpPolicy, 'workload'>): boolean {
  const { measurement, idKeyDigest } = workload;
  const isNamed = idKeyDigest !== undefined && [idKeyDigest].flat().every((digest) => !/^0+$/.test(digest));
  return measurement !== undefined || isNamed;
}
