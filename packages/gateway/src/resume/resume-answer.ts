import { readPieces } from '@cloister/channel';
import { utf8 } from '@cloister/core';
import { answerHeaders, type Answer } from '../answer.ts';
import { gatewayError } from '../errors.ts';
import type { GatewayContext } from '../gateway-context.ts';
import type { Exchange } from '../exchange.ts';
import { parseCacheHeaders, parseResume } from '../sealed/parse-sealed-headers.ts';
import { readContent } from '../sealed/read-content.ts';

/** Where callers get the rest of an answer (POST), or say that they want none (DELETE). Exists inside the seal alone. */
export const RESUME_PATH = '/.well-known/cloister/answer';

/**
 * Gives the rest of a sealed answer, from the byte on that the caller names; the engine is not asked again. Only the caller
 * of the request gets it, with the salt of its session.
 * @throws ERR_GATEWAY_ANSWER_NOT_KEPT, ERR_GATEWAY_HEADER_INVALID, ERR_GATEWAY_ROUTE_UNKNOWN
 */
export async function resumeAnswer(context: GatewayContext, exchange: Exchange): Promise<Answer> {
  const { opened, caller, transcript, notes } = exchange;
  await readContent(opened.pieces, transcript, { most: 0, milliseconds: context.config.bodyMilliseconds });
  notes.requestDigest = transcript.digest();
  notes.route = RESUME_PATH;
  const { method, headers } = opened.head;
  const { requestId, offset } = parseResume(headers);
  const name = { claims: caller.claims, requestId, cache: parseCacheHeaders(headers) };
  if (method === 'DELETE') {
    context.resumable.drop(name);
    return { status: 200, headers: answerHeaders('application/json', caller.requestId), body: utf8('{}') };
  }
  if (method !== 'POST') throw gatewayError('ERR_GATEWAY_ROUTE_UNKNOWN');
  const body = context.resumable.resume(name, offset);
  if (body === undefined) throw gatewayError('ERR_GATEWAY_ANSWER_NOT_KEPT');
  return { status: 200, headers: answerHeaders('message/ohttp-chunked-res', caller.requestId), body: readPieces(body) };
}
