import type { CommonErrorCode } from './errors.ts';
import type { NvidiaCheckId } from './nvidia/checks.ts';
import type { NvidiaErrorCode } from './nvidia/errors.ts';
import type { RimCheckId } from './rim/checks.ts';
import type { RimErrorCode } from './rim/errors.ts';
import type { SnpCheckId } from './snp/checks.ts';
import type { SnpErrorCode } from './snp/errors.ts';
import type { TdxCheckId } from './tdx/checks.ts';
import type { TdxErrorCode } from './tdx/errors.ts';

// Types alone: a bundle for one kind of TEE holds the lists and tables of that kind only.

/** Checks of what all kinds of evidence share: the binding of the parts and the gateway's keys. */
export type BundleCheckId =
  | 'cpu.tee'
  | 'binding.nonce'
  | 'binding.nonce-path'
  | 'binding.report-data'
  | 'keyset.format'
  | 'keyset.validity'
  | 'pin.deployment'
  | 'owner.signature';

/** The name of a check. */
export type CheckId = BundleCheckId | TdxCheckId | SnpCheckId | NvidiaCheckId | RimCheckId;

/** Everything this package refuses, by name. */
export type EvidenceErrorCode = CommonErrorCode | TdxErrorCode | SnpErrorCode | NvidiaErrorCode | RimErrorCode;
