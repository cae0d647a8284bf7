import type { TdxCollateral } from '@cloister/core';
import { z } from 'zod';
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

const hex = (bytes: number): z.ZodType<string> =>
  z
    .string()
    .regex(new RegExp(`^[0-9A-Fa-f]{${bytes * 2}}$`))
    .toLowerCase();
const count = (limit: number): z.ZodType<number> => z.int().min(0).max(limit);
const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  .transform((text) => Date.parse(text))
  .pipe(z.int());
const levelFields = {
  tcbStatus: z.enum(PLATFORM_STATUSES),
  tcbDate: time,
  advisoryIDs: z
    .array(z.string().regex(/^INTEL-[A-Z]{2,4}-\d{1,8}$/))
    .max(256)
    .optional(),
};
const enclaveLevels = z
  .array(z.object({ tcb: z.object({ isvsvn: count(0xffff) }), ...levelFields }))
  .min(1)
  .max(64);
const moduleFields = { mrsigner: hex(48), attributes: hex(8), attributesMask: hex(8) };
const components = z.array(z.object({ svn: count(0xff) })).length(16);
const dates = { issueDate: time, nextUpdate: time, tcbEvaluationDataNumber: count(0xffff_ffff) };

/** Schema of the signed TCB info of TDX. */
export const tcbInfoSchema: z.ZodType<TcbInfo> = z.object({
  id: z.literal('TDX'),
  version: z.literal(3),
  ...dates,
  fmspc: hex(6),
  pceId: hex(2),
  tcbType: z.literal(0),
  tdxModule: z.object(moduleFields),
  tdxModuleIdentities: z
    .array(z.object({ id: z.string().regex(/^TDX_[0-9A-F]{2}$/), ...moduleFields, tcbLevels: enclaveLevels }))
    .max(64)
    .optional(),
  tcbLevels: z
    .array(
      z.object({
        tcb: z.object({ sgxtcbcomponents: components, pcesvn: count(0xffff), tdxtcbcomponents: components }),
        ...levelFields,
      }),
    )
    .min(1)
    .max(256),
});

/** Schema of the signed identity of the TDX quoting enclave. */
export const qeIdentitySchema: z.ZodType<QeIdentity> = z.object({
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

const chain = z.string().max(32 * 1024);
const list = z
  .string()
  .max(4 * 1024 * 1024)
  .regex(/^(?:[0-9a-fA-F]{2})*$/);
const document = z.string().max(256 * 1024);
const signature = z.string().regex(/^[0-9a-fA-F]{128}$/);

/** Schema of collateral as it travels. */
export const tdxCollateralSchema: z.ZodType<TdxCollateral> = z.strictObject({
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
