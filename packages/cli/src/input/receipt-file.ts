import { fromHex, fromBase64url } from '@cloister/core';
import * as z from 'zod';
import { cliError } from '../errors.ts';
import { readDocument } from './read-document.ts';

/** What an auditor is given about one answer. */
export interface ReceiptFile {
  /** The receipt as it travelled. */
  readonly receipt: string;
  /** The gateway's evidence bundle as it was served, JSON text; and the time of its verdict, ms since the epoch. */
  readonly evidence: { readonly bundle: string; readonly verifiedAt: number };
  /** What opens the commitments. */
  readonly opening:
    | {
        readonly k: Uint8Array;
        readonly enc: Uint8Array;
        readonly requestDigest: Uint8Array;
        readonly responseDigest: Uint8Array;
      }
    | undefined;
}

const bytes = (length: number): z.ZodType<Uint8Array> =>
  z
    .string()
    .regex(new RegExp(`^[0-9a-f]{${length * 2}}$`))
    .transform((text) => fromHex(text));
const encapsulated: z.ZodType<Uint8Array> = z
  .string()
  .regex(/^[\w-]{40,2048}$/)
  .transform((text) => fromBase64url(text));

const schema = z.strictObject({
  receipt: z.string(),
  evidence: z.strictObject({ bundle: z.string(), verifiedAt: z.int().min(0) }),
  opening: z
    .strictObject({ k: bytes(32), enc: encapsulated, requestDigest: bytes(32), responseDigest: bytes(32) })
    .exactOptional(),
});

/**
 * Reads a receipt file: `{receipt, evidence: {bundle, verifiedAt}, opening?: {k, enc, requestDigest, responseDigest}}`, with
 * `enc` in base64url and the rest of the opening in hex.
 * @throws ERR_CLI_RECEIPT_FILE, and what `readDocument` throws
 */
export async function readReceiptFile(name: string): Promise<ReceiptFile> {
  const { data } = schema.safeParse(await readDocument(name));
  if (data === undefined) throw cliError('ERR_CLI_RECEIPT_FILE', { subject: name });
  return { ...data, opening: data.opening };
}
