import { verifyReceipt } from '@cloister/audit';
import type { VerifiedReceipt } from '@cloister/audit';
import type { SealedRequest } from '@cloister/channel';
import { isCloisterError } from '@cloister/core';
import type { Attested } from './attestor.ts';
import { clientError } from './errors.ts';

/** A verified receipt with what an auditor needs to check it again without this process (DESIGN 6.7). */
export interface AnswerReceipt extends VerifiedReceipt {
  /** The receipt as it travelled. */
  readonly text: string;
  /** The attested Ed25519 key that signed it, 32 bytes. */
  readonly receiptKey: Uint8Array;
  /** What opens the commitments. Whoever has it can link the receipt to the words: keep it like the words. */
  readonly opening: {
    /** HPKE export("cloister/receipt/v1", 32). */
    readonly k: Uint8Array;
    readonly enc: Uint8Array;
    readonly requestDigest: Uint8Array;
    readonly responseDigest: Uint8Array;
  };
}

/** The exporter label of the receipt's key. */
const RECEIPT_LABEL = 'cloister/receipt/v1';

/** An answer that was read to its end. */
export interface FinishedAnswer {
  readonly sealed: SealedRequest;
  readonly attested: Attested;
  readonly requestDigest: Uint8Array;
  readonly responseDigest: Uint8Array;
  readonly trailers: readonly (readonly [name: string, value: string])[];
}

/**
 * Verifies the receipt in the trailers against the whole exchange: signature, both transcripts, the encapsulated key, and
 * that it speaks of the keyset, the deployment, the evidence and the policy that this client verified.
 * @returns `undefined` without a receipt
 * @throws ERR_CLIENT_RECEIPT_WRONG
 */
export async function verifyAnswerReceipt(answer: FinishedAnswer): Promise<AnswerReceipt | undefined> {
  const [text, second] = answer.trailers.filter(([name]) => name === 'cloister-receipt').map(([, value]) => value);
  if (text === undefined) return undefined;
  if (second !== undefined) throw clientError('ERR_CLIENT_RECEIPT_WRONG', { subject: 'repeated' });
  const { sealed, attested, requestDigest, responseDigest } = answer;
  const { receiptKey } = attested.identity.keyset;
  const opening = Object.freeze({
    k: await sealed.exportSecret(RECEIPT_LABEL, 32),
    enc: sealed.enc,
    requestDigest,
    responseDigest,
  });
  const verified = await verify(text, { receiptKey, ...opening });
  assertSubject(verified, attested);
  return Object.freeze({ ...verified, text, receiptKey, opening });
}

async function verify(text: string, expected: Parameters<typeof verifyReceipt>[1]): Promise<VerifiedReceipt> {
  try {
    return await verifyReceipt(text, expected);
  } catch (error) {
    if (isCloisterError(error)) throw clientError('ERR_CLIENT_RECEIPT_WRONG', { cause: error });
    throw error;
  }
}

function assertSubject({ receipt }: VerifiedReceipt, { identity, digests }: Attested): void {
  const { keyset, deployment, claimed } = receipt;
  const pairs: readonly (readonly [string, string | undefined, string])[] = [
    ['keyset', keyset, digests.keyset],
    ['deployment', deployment, identity.deployment],
    ['evidence', claimed?.evidence, digests.evidence],
    ['policy', claimed?.policy, digests.policy],
  ];
  for (const [subject, said, known] of pairs) {
    if (said !== known) throw clientError('ERR_CLIENT_RECEIPT_WRONG', { subject });
  }
}
