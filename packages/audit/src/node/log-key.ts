import { equalBytes, fromUtf8, systemRandom, utf8, zero } from '@cloister/core';
import { createEd25519Signer } from '../create-ed25519-signer.ts';
import type { Ed25519Signer } from '../create-ed25519-signer.ts';
import { auditError } from '../errors.ts';
import { createVerifierKey, encodeVerifierKey, parseVerifierKey } from '../note/verifier-key.ts';
import type { VerifierKey } from '../note/verifier-key.ts';
import type { LogDirectory } from './log-directory.ts';

/** The name of a log that was given none. */
const DEFAULT_ORIGIN = 'cloister.example/audit';

/** What signs a log's checkpoints. */
export interface LogKey {
  readonly signer: Ed25519Signer;
  readonly verifierKey: VerifierKey;
}

/**
 * The log's key: `signer` when given, else the seed in the file `key` (mode 0600), made on first use. The file `vkey`
 * keeps name and public key; a log never changes either.
 * @throws CloisterError `ERR_AUDIT_KEY` when signer or origin differ from those the log began with
 */
export async function openLogKey(
  directory: LogDirectory,
  options: { readonly origin?: string; readonly signer?: Ed25519Signer },
): Promise<LogKey> {
  const stored = await readVerifierKey(directory);
  const signer = options.signer ?? (await openSeed(directory, stored !== undefined));
  const verifierKey = createVerifierKey(options.origin ?? stored?.name ?? DEFAULT_ORIGIN, signer.publicKey);
  if (stored === undefined) {
    await directory.replace('vkey', utf8(`${encodeVerifierKey(verifierKey)}\n`));
  } else if (stored.name !== verifierKey.name || !equalBytes(stored.publicKey, verifierKey.publicKey)) {
    throw auditError('ERR_AUDIT_KEY');
  }
  return { signer, verifierKey };
}

async function readVerifierKey(directory: LogDirectory): Promise<VerifierKey | undefined> {
  const bytes = await directory.read('vkey');
  try {
    return bytes === undefined ? undefined : parseVerifierKey(fromUtf8(bytes));
  } catch {
    throw auditError('ERR_AUDIT_KEY', { subject: 'vkey' });
  }
}

async function openSeed(directory: LogDirectory, expected: boolean): Promise<Ed25519Signer> {
  const stored = await directory.read('key');
  if (stored === undefined && expected) throw auditError('ERR_AUDIT_KEY', { subject: 'key' });
  const seed = stored ?? systemRandom(32);
  if (stored === undefined) await directory.replace('key', seed);
  try {
    return await createEd25519Signer(seed);
  } finally {
    zero(seed);
  }
}
