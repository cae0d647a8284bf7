import { toHex } from '@cloister/core';
import type { ServerResponse } from 'node:http';
import { createAnswerBody, type Envelope } from './answer-wire.ts';
import type { Admission, Engine } from './engine.ts';
import { createEventStream } from './event-stream.ts';
import type { ResolvedOptions, VllmFault } from './options.ts';
import type { GenerateRequest } from './parse-generate-request.ts';
import { planGeneration, type GenerationEvent } from './plan-generation.ts';
import { createChunkWriter } from './stream-wire.ts';
import type { Counts } from './usage.ts';

/** The value of `system_fingerprint`: it says on every answer that no model was at work. */
export const STAND_IN_FINGERPRINT = 'cloister-stand-in-vllm-0.32.0';

/** What serving one request needs besides the request. */
export interface GenerateContext {
  readonly options: ResolvedOptions;
  readonly engine: Engine;
  readonly fault: VllmFault | undefined;
  /** Aborts when the peer disconnects. */
  readonly signal: AbortSignal;
  /** The caller's `X-Request-Id`, which becomes part of the answer's id. */
  readonly requestId: string | undefined;
}

function createEnvelope(request: GenerateRequest, { options, requestId }: GenerateContext): Envelope {
  const prefix = request.kind === 'chat' ? 'chatcmpl' : 'cmpl';
  return {
    kind: request.kind,
    id: `${prefix}-${requestId ?? toHex(options.random(8))}`,
    created: Math.floor(options.clock.now() / 1000),
    model: options.model,
    fingerprint: STAND_IN_FINGERPRINT,
    promptTokenIds: request.returnTokenIds ? request.tokens : null,
  };
}

function countsOf(request: GenerateRequest, admission: Admission, completionTokens: number, details: boolean): Counts {
  const counts = { promptTokens: request.tokens.length, completionTokens };
  return details ? { ...counts, cache: admission } : counts;
}

/** Sends the events of a streamed answer, one by one as the engine makes them. */
async function streamAnswer(
  request: GenerateRequest,
  response: ServerResponse,
  context: GenerateContext,
  admission: Admission,
  choices: readonly (readonly GenerationEvent[])[],
): Promise<void> {
  const { options, fault, signal } = context;
  const stream = createEventStream(response, fault, signal);
  const writer = createChunkWriter(request, createEnvelope(request, context));
  const details = options.promptTokensDetails;
  let done = 0;
  const counts = (): Counts => countsOf(request, admission, done, details);
  if (request.kind === 'chat') {
    for (const index of choices.keys()) await stream.send(JSON.stringify(writer.open(index, counts())));
  }
  for (const [index, events] of choices.entries()) {
    for (const event of events) {
      await admission.step();
      done += 1;
      const last = index === choices.length - 1 && event.finish !== undefined;
      await stream.send(JSON.stringify(writer.token(event, index, counts(), last)));
    }
  }
  if (request.includeUsage) await stream.send(JSON.stringify(writer.usage(counts())));
  await stream.send('[DONE]');
  stream.end();
}

/** Whether a cache that knows no salts stands behind the engine's own. */
function isConnector(fault: VllmFault | undefined): boolean {
  return fault?.kind === 'salt' && fault.how === 'connector';
}

/**
 * Serves a checked request: prefill over the prefix cache, then the answer, streamed or whole.
 * @returns the JSON body of an answer that is not streamed
 * @throws the signal's reason when the peer disconnects; the engine is free again by then
 */
export async function handleGenerate(
  request: GenerateRequest,
  response: ServerResponse,
  context: GenerateContext,
): Promise<object | undefined> {
  const { engine, options, signal } = context;
  const admission = await engine.admit(request.tokens, request.salt, signal, isConnector(context.fault));
  const events = planGeneration(request);
  const choices = Array.from({ length: request.count }, () => events);
  try {
    if (request.stream) {
      await streamAnswer(request, response, context, admission, choices);
      return undefined;
    }
    const tokens = events.length * request.count;
    for (let step = 0; step < tokens; step++) await admission.step();
    const counts = countsOf(request, admission, tokens, options.promptTokensDetails);
    return createAnswerBody(createEnvelope(request, context), choices, counts);
  } finally {
    admission.finish(signal.aborted ? [] : events.map(({ id }) => id));
  }
}
