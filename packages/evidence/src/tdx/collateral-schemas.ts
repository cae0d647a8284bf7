import type { TdxCollateral } from '@cloister/core';
import * as z from 'zod/mini';
import { PLATFORM_STATUSES, type TcbStatus } from './tcb-status.ts';

// Intel may add members to what it signs, so signed documents drop unknown members; our own formats refuse them.

/** What a level says about those who reach it. */
export interface TcbLevel {
  readonly tcbStatus: TcbStatus;
  /** When its minimum was set, ms since the epoch. */
  readonly tcbDate: number;
  readonly advisoryIDs?: readonly string[] | undefined;
}

/** A level of a module or enclave identity. */
export interface EnclaveTcbLevel extends TcbLevel {
  readonly tcb: { readonly isvsvn: number };
}

/** Identity of a TDX module version. */
export interface TdxModuleIdentity {
  readonly id: string;
  readonly mrsigner: string;
  readonly attributes: string;
  readonly attributesMask: string;
  readonly tcbLevels: readonly EnclaveTcbLevel[];
}

/** One platform level: minimum SVNs and what they mean. */
export interface PlatformTcbLevel extends TcbLevel {
  readonly tcb: {
    readonly sgxtcbcomponents: readonly { readonly svn: number }[];
    readonly pcesvn: number;
    readonly tdxtcbcomponents: readonly { readonly svn: number }[];
  };
}

/** TCB info of a TDX platform family (Intel PCS API version 4, TCB info version 3). Times in ms since the epoch. */
export interface TcbInfo {
  readonly issueDate: number;
  readonly nextUpdate: number;
  /** Lower-case hex. */
  readonly fmspc: string;
  readonly pceId: string;
  readonly tcbEvaluationDataNumber: number;
  readonly tdxModule: Omit<TdxModuleIdentity, 'id' | 'tcbLevels'>;
  readonly tdxModuleIdentities?: readonly TdxModuleIdentity[] | undefined;
  readonly tcbLevels: readonly PlatformTcbLevel[];
}

/** Identity of the TDX quoting enclave (Intel PCS API version 4, version 2). Times in ms since the epoch. */
export interface QeIdentity {
  readonly issueDate: number;
  readonly nextUpdate: number;
  readonly tcbEvaluationDataNumber: number;
  readonly miscselect: string;
  readonly miscselectMask: string;
  readonly attributes: string;
  readonly attributesMask: string;
  readonly mrsigner: string;
  readonly isvprodid: number;
  readonly tcbLevels: readonly EnclaveTcbLevel[];
}

const hex = (bytes: number): z.ZodMiniType<string> =>
  z.string().check(z.regex(new RegExp(`^[0-9A-Fa-f]{${bytes * 2}}$`)), z.toLowerCase());
const count = (limit: number): z.ZodMiniType<number> => z.int().check(z.minimum(0), z.maximum(limit));
const text = (most: number, form: RegExp): z.ZodMiniType<string> => z.string().check(z.maxLength(most), z.regex(form));
const some = <Value>(item: z.ZodMiniType<Value>, most: number): z.ZodMiniType<Value[]> =>
  z.array(item).check(z.minLength(1), z.maxLength(most));
const time = z.pipe(
  z.pipe(
    text(20, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    z.transform((digits: string) => Date.parse(digits)),
  ),
  z.int(),
);
const levelFields = {
  tcbStatus: z.enum(PLATFORM_STATUSES),
  tcbDate: time,
  advisoryIDs: z.optional(z.array(text(32, /^INTEL-[A-Z]{2,4}-\d{1,8}$/)).check(z.maxLength(256))),
};
const enclaveLevels = some(z.object({ tcb: z.object({ isvsvn: count(0xffff) }), ...levelFields }), 64);
const moduleFields = { mrsigner: hex(48), attributes: hex(8), attributesMask: hex(8) };
const components = z.array(z.object({ svn: count(0xff) })).check(z.length(16));
const dates = { issueDate: time, nextUpdate: time, tcbEvaluationDataNumber: count(0xffff_ffff) };

/** Schema of the signed TCB info of TDX. */
export const tcbInfoSchema: z.ZodMiniType<TcbInfo> = z.object({
  id: z.literal('TDX'),
  version: z.literal(3),
  ...dates,
  fmspc: hex(6),
  pceId: hex(2),
  tcbType: z.literal(0),
  tdxModule: z.object(moduleFields),
  tdxModuleIdentities: z.optional(
    z
      .array(z.object({ id: text(6, /^TDX_[0-9A-F]{2}$/), ...moduleFields, tcbLevels: enclaveLevels }))
      .check(z.maxLength(64)),
  ),
  tcbLevels: some(
    z.object({
      tcb: z.object({ sgxtcbcomponents: components, pcesvn: count(0xffff), tdxtcbcomponents: components }),
      ...levelFields,
    }),
    256,
  ),
});

/** Schema of the signed identity of the TDX quoting enclave. */
export const qeIdentitySchema: z.ZodMiniType<QeIdentity> = z.object({
  id: z.literal('TD_QE'),
  version: z.literal(2),
  ...dates,
  miscselect: hex(4),
  miscselectMask: hex(4),
  attributes: hex(16),
  attributesMask: hex(16),
  mrsigner: hex(32),
  isvprodid: count(0xffff),
  tcbLevels: enclaveLevels,
});

const chain = z.string().check(z.maxLength(32 * 1024));
const list = text(4 * 1024 * 1024, /^(?:[0-9a-fA-F]{2})*$/);
const document = z.string().check(z.maxLength(256 * 1024));
const signature = text(128, /^[0-9a-fA-F]{128}$/);

/** Schema of collateral as it travels. */
export const tdxCollateralSchema: z.ZodMiniType<TdxCollateral> = z.strictObject({
  pck_crl_issuer_chain: chain,
  root_ca_crl: list,
  pck_crl: list,
  tcb_info_issuer_chain: chain,
  tcb_info: document,
  tcb_info_signature: signature,
  qe_identity_issuer_chain: chain,
  qe_identity: document,
  qe_identity_signature: signature,
});
