import { fromBase64, fromUtf8, isCloisterError } from '@cloister/core';
import type { TrustRoots } from '@cloister/evidence';
import { z } from 'zod';
import { cliError } from '../errors.ts';
import { interpretDocument } from './read-document.ts';
import { readInput } from './read-input.ts';
import { readPem } from './read-pem.ts';

const certificates = z.array(z.string().transform((text) => fromBase64(text))).max(16);

/** Roots as a document: certificates in base64 of DER; AMD's by the SHA-256 of theirs. */
const schema: z.ZodType<Omit<TrustRoots, 'simulated'>> = z.strictObject({
  intel: certificates.default([]),
  amd: z
    .array(z.strictObject({ line: z.enum(['Milan', 'Genoa', 'Turin']), sha256: z.string().regex(/^[0-9a-f]{64}$/) }))
    .max(16)
    .optional(),
  nvidia: z
    .strictObject({ device: certificates, attestationService: certificates, referenceValues: certificates })
    .optional(),
  simulated: z.literal(true).optional(),
});

/**
 * Reads test roots: PEM for Intel alone, or a document with `roots` as `gateway:simulated` writes it. Whatever ends in them
 * counts as simulated.
 * @throws ERR_CLI_ROOTS_INVALID, ERR_CLI_FILE_*
 */
export async function readRoots(name: string): Promise<TrustRoots> {
  const bytes = await readInput(name);
  try {
    const { intel, amd, nvidia } = readParts(name, bytes);
    if (intel.length === 0 && (amd ?? []).length === 0) throw cliError('ERR_CLI_ROOTS_INVALID', { subject: name });
    return { intel, amd, nvidia, simulated: true };
  } catch (error) {
    throw isCloisterError(error) ? error : cliError('ERR_CLI_ROOTS_INVALID', { subject: name });
  }
}

function readParts(name: string, bytes: Uint8Array): Omit<TrustRoots, 'simulated'> {
  const text = fromUtf8(bytes);
  if (text.includes('-----BEGIN')) return { intel: readPem(text) };
  const value = interpretDocument(name, bytes);
  const inner = typeof value === 'object' && value !== null && 'roots' in value ? value['roots'] : undefined;
  return schema.parse(inner);
}
