import type { Command } from '../command.ts';
import { attestCommand } from './attest.ts';
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
];
