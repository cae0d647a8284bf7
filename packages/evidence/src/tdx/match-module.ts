import { fromHex, toHex } from '@cloister/core';
import type { TcbInfo, TdxModuleIdentity } from './collateral-schemas.ts';
import type { TdReport } from './quote-types.ts';

/** The identity of a TDX module version, the second byte of a TEE_TCB_SVN (Intel PCS API version 4: `TDX_01` and so on). */
export function findModuleIdentity(info: TcbInfo, svn: Uint8Array): TdxModuleIdentity | undefined {
  const id = `TDX_${(svn[1] ?? 0).toString(16).toUpperCase().padStart(2, '0')}`;
  return info.tdxModuleIdentities?.find((candidate) => candidate.id === id);
}

/** Whether signer and attributes of the module are those that Intel publishes; bits outside the mask have to be zero. */
export function matchesModule(info: TcbInfo, report: TdReport): boolean {
  const expected = (report.teeTcbSvn[1] ?? 0) === 0 ? info.tdxModule : findModuleIdentity(info, report.teeTcbSvn);
  if (expected === undefined) return false;
  const mask = fromHex(expected.attributesMask);
  const wanted = fromHex(expected.attributes);
  const attributes = report.seamAttributes.every(
    (byte, index) => byte === ((wanted[index] ?? 0) & (mask[index] ?? 0xff)),
  );
  return attributes && toHex(report.mrSignerSeam) === expected.mrsigner;
}
