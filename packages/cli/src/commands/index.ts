import type { Command } from '../command.ts';
import { verifyQuote } from './verify-quote.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [verifyQuote];
