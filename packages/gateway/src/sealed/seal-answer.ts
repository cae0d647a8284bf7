import { createReceipt, createTranscript } from '@cloister/audit';
import type { OpenedRequest, PieceSource } from '@cloister/channel';
import type { IncrementalHash } from '@cloister/core';
import type { Answer, AnswerNotes } from '../answer.ts';
import type { GatewayContext } from '../gateway-context.ts';
import type { HeldKeyset } from '../evidence/keyset-holder.ts';
import { parseClaimedDigest } from './parse-sealed-headers.ts';
import { shapeAnswer } from '../shape/shape-answer.ts';

/** The exporter label of the receipt's key (DESIGN 6.7). */
export const RECEIPT_LABEL = 'cloister/receipt/v1';

/** What is needed to seal an answer. */
export interface SealAnswerOptions {
  readonly opened: OpenedRequest;
  readonly keyset: HeldKeyset;
  readonly notes: AnswerNotes;
  readonly answer: Answer;
}

/**
 * Seals an answer and signs its receipt into the trailers. Every piece of the body leaves as soon as it is there; when
 * the body throws, the sealed stream breaks off without its final chunk, so that a cut is never taken for an end.
 */
export function sealAnswer(context: GatewayContext, options: SealAnswerOptions): PieceSource {
  const { opened, answer } = options;
  const head = { status: answer.status, headers: answer.headers };
  const transcript = createTranscript(head);
  return opened.sealPieces({
    head,
    body: recordBody(answer, transcript),
    ...(answer.padding === undefined ? {} : { padding: answer.padding }),
    trailers: async () => {
      const receipt = await signReceipt(context, options, transcript.digest());
      return receipt === undefined ? [] : [['cloister-receipt', receipt]];
    },
  });
}

/** The body in its shape. What the client will see enters the transcript. */
function recordBody(answer: Answer, transcript: IncrementalHash): Uint8Array | PieceSource {
  const { body, onEnd } = answer;
  if (body instanceof Uint8Array) {
    transcript.update(body);
    onEnd?.();
    return body;
  }
  const shape = shapeAnswer(answer);
  return shape.travel(recorded(shape.content(body), transcript, onEnd));
}

function recorded(body: PieceSource, transcript: IncrementalHash, onEnd: () => void = () => {}): PieceSource {
  let isOver = false;
  const end = (): void => {
    if (!isOver) onEnd();
    isOver = true;
  };
  return {
    async next() {
      try {
        const piece = await body.next();
        if (piece === undefined) end();
        else transcript.update(piece);
        return piece;
      } catch (error) {
        end();
        throw error;
      }
    },
    async cancel(reason) {
      end();
      await body.cancel(reason);
    },
  };
}

async function signReceipt(
  context: GatewayContext,
  options: SealAnswerOptions,
  responseDigest: Uint8Array,
): Promise<string | undefined> {
  const { opened, keyset, notes } = options;
  // A request that was refused before its end cannot be vouched for.
  if (notes.requestDigest === undefined) return undefined;
  const fields = {
    k: await opened.exportSecret(RECEIPT_LABEL, 32),
    enc: opened.enc,
    requestDigest: notes.requestDigest,
    responseDigest,
    keyset: keyset.digest,
    deployment: context.deployment,
    wirePolicy: context.wirePolicy,
    ...(notes.model === undefined ? {} : { model: notes.model }),
    ...(notes.scope === undefined ? {} : { scope: notes.scope }),
    ...(notes.usage === undefined ? {} : { usage: notes.usage }),
    startedAt: notes.startedAt,
    endedAt: context.clock.now(),
    claimed: claimsOf(opened),
  };
  return createReceipt(fields, async (message) => keyset.sign(message));
}

/** What the client says it verified; repeated as its claim. A malformed claim counts as none. */
function claimsOf(opened: OpenedRequest): { readonly evidence?: Uint8Array; readonly policy?: Uint8Array } {
  const { headers } = opened.head;
  const evidence = parseClaimedDigest(headers, 'cloister-evidence-digest');
  const policy = parseClaimedDigest(headers, 'cloister-policy-digest');
  return { ...(evidence === undefined ? {} : { evidence }), ...(policy === undefined ? {} : { policy }) };
}
