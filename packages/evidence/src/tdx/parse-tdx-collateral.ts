import { parseJson, type TdxCollateral } from '@cloister/core';
import type * as z from 'zod/mini';
import { tdxError } from './errors.ts';
import {
  type QeIdentity,
  qeIdentitySchema,
  type TcbInfo,
  tcbInfoSchema,
  tdxCollateralSchema,
} from './collateral-schemas.ts';

function parseWith<Value>(schema: z.ZodMiniType<Value>, value: unknown): Value {
  const result = schema.safeParse(value);
  if (!result.success) throw tdxError('ERR_EVIDENCE_COLLATERAL_MALFORMED');
  return result.data;
}

function parseDocument<Value>(schema: z.ZodMiniType<Value>, text: string): Value {
  let value: unknown;
  try {
    value = parseJson(text, { maxBytes: 256 * 1024, maxDepth: 16 });
  } catch {
    throw tdxError('ERR_EVIDENCE_COLLATERAL_MALFORMED');
  }
  return parseWith(schema, value);
}

/**
 * Parses collateral as it travels: the nine members, bounded, nothing else.
 * @throws CloisterError ERR_EVIDENCE_COLLATERAL_MALFORMED
 */
export function parseTdxCollateral(value: unknown): TdxCollateral {
  return parseWith(tdxCollateralSchema, value);
}

/** Parses signed TCB info. @throws CloisterError ERR_EVIDENCE_COLLATERAL_MALFORMED */
export function parseTcbInfo(text: string): TcbInfo {
  return parseDocument(tcbInfoSchema, text);
}

/** Parses the signed identity of the quoting enclave. @throws CloisterError ERR_EVIDENCE_COLLATERAL_MALFORMED */
export function parseQeIdentity(text: string): QeIdentity {
  return parseDocument(qeIdentitySchema, text);
}
