import type { Command } from '../command.ts';
import { attestCommand } from './attest.ts';
import { auditCheck } from './audit-check.ts';
import { auditExport } from './audit-export.ts';
import { auditProve } from './audit-prove.ts';
import { auditTail } from './audit-tail.ts';
import { auditVerify } from './audit-verify.ts';
import { doctor } from './doctor.ts';
import { gatewayCommand } from './gateway.ts';
import { redactCommand } from './redact.ts';
import { restoreCommand } from './restore.ts';
import { verifyQuote } from './verify-quote.ts';
import { verifyReceipt } from './verify-receipt.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  verifyQuote,
  verifyReceipt,
  attestCommand,
  gatewayCommand,
  redactCommand,
  restoreCommand,
  doctor,
  auditVerify,
  auditProve,
  auditCheck,
  auditTail,
  auditExport,
];
