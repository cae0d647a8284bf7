import { isCloisterError } from '@cloister/core';
import type { CommandOption, Invocation } from '../command.ts';
import { cliError } from '../errors.ts';
import { EXIT } from '../exit-status.ts';
import { readInput } from '../input/read-input.ts';

/** The option that names the log's key. */
export const KEY_OPTION: Readonly<Record<string, CommandOption>> = {
  key: { value: 'KEY', help: 'verifier key of the log, the line itself or a file that holds it; required' },
};

/** The verifier key line. @throws ERR_CLI_OPTION_MISSING, ERR_CLI_FILE_UNREADABLE */
export async function readKey({ need }: Pick<Invocation, 'need'>): Promise<string> {
  const value = need('key');
  const isLine = /^[^+/\n]\S*\+[0-9a-f]{8}\+/.test(value);
  return isLine ? value : (await readText(value)).trim();
}

/** A file as text. @throws ERR_CLI_FILE_UNREADABLE */
export async function readText(name: string): Promise<string> {
  return Buffer.from(await readInput(name)).toString('utf8');
}

/** A whole number from 0 on. @throws ERR_CLI_OPERAND_VALUE, or ERR_CLI_OPTION_VALUE when the subject is an option */
export function parseIndex(text: string, subject: string): number {
  if (!/^(?:0|[1-9][0-9]{0,14})$/.test(text)) {
    throw cliError(subject.startsWith('-') ? 'ERR_CLI_OPTION_VALUE' : 'ERR_CLI_OPERAND_VALUE', { subject });
  }
  return Number(text);
}

const REFUSALS: Readonly<Record<string, number>> = {
  ERR_AUDIT_CORRUPT: EXIT.reject,
  ERR_AUDIT_ROLLBACK: EXIT.reject,
  ERR_AUDIT_ATTESTATION: EXIT.reject,
  ERR_AUDIT_NOTE_SIGNATURE: EXIT.reject,
  ERR_AUDIT_PROOF: EXIT.reject,
  ERR_AUDIT_CHECKPOINT: EXIT.reject,
  ERR_AUDIT_NOTE: EXIT.malformed,
  ERR_AUDIT_KEY: EXIT.usage,
};

/** Does the work and turns the refusals of `audit` into a verdict; other errors go on. @returns the exit status */
export async function judgeLog({ terminal, isJson }: Invocation, work: () => Promise<void>): Promise<number> {
  try {
    await work();
    return EXIT.accept;
  } catch (error) {
    const status = isCloisterError(error) ? REFUSALS[error.code] : undefined;
    if (!isCloisterError(error) || status === undefined) throw error;
    const { code, message, fix, detail } = error;
    if (isJson) terminal.json({ verdict: 'reject', refusal: { code, message, fix, detail } });
    else terminal.line(`${terminal.paint('bad', 'REJECTED')}  ${message}\n  ${fix}\n  ${code}`);
    return status;
  }
}
