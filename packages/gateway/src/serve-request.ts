import type { RequestHead } from '@cloister/channel';
import { fromUtf8, hmacSha256, isCloisterError, lengthPrefixed, toBase64url } from '@cloister/core';
import type { Answer, AnswerNotes } from './answer.ts';
import type { Exchange } from './exchange.ts';
import { answerHeaders } from './answer.ts';
import type { AdmittedBody } from './body/apply-wire-policy.ts';
import { applyWirePolicy } from './body/apply-wire-policy.ts';
import { callDeadlines } from './engine/call-deadline.ts';
import { callEngine } from './engine/call-engine.ts';
import type { EnginePlace } from './engine/engine-gate.ts';
import type { EngineAnswer } from './engine/call-engine.ts';
import { filterPrompt, scorePrompt } from './body/filter-prompt.ts';
import type { Splice } from './body/splice-json.ts';
import { createEngineSalt } from './body/create-engine-salt.ts';
import { gatewayError } from './errors.ts';
import type { LimitSlot } from './limits/tenant-limits.ts';
import type { GatewayContext } from './gateway-context.ts';
import { readBootId } from './isolation/read-engine.ts';
import { type HeaderFields, parseCacheHeaders, parseStreamShape, singleHeader } from './sealed/parse-sealed-headers.ts';
import { readAnswer } from './read-answer.ts';
import { RESUME_PATH, resumeAnswer } from './resume/resume-answer.ts';
import { readContent } from './sealed/read-content.ts';
import { relayEvents } from './engine/relay-events.ts';
import { type StreamShape, strongerShape } from './shape/stream-shape.ts';
import { scanJsonObject } from './body/scan-json-object.ts';
import { parseTokenUsage } from './engine/token-usage.ts';
import { ROUTES } from './config/wire-policy.ts';
import type { Route } from './config/wire-policy.ts';

/**
 * Serves an authenticated request: reads it to its final chunk, applies the wire policy, sets the engine's cache salt,
 * calls the engine. Nothing goes upstream before the final chunk has opened (DESIGN 6.2).
 * @throws CloisterError with one of this package's codes; see the README
 */
export async function serveRequest(context: GatewayContext, exchange: Exchange): Promise<Answer> {
  if (!exchange.caller.isRemembered) throw gatewayError('ERR_GATEWAY_REPLAY_WINDOW_FULL');
  if (exchange.opened.head.path === RESUME_PATH) return resumeAnswer(context, exchange);
  context.isolation.require(exchange.caller.claims);
  const slot = await context.limits.enter(exchange.caller.claims);
  let place: EnginePlace | undefined;
  const leave = (tokens?: number): void => {
    slot.leave(tokens);
    place?.leave();
  };
  exchange.signal.addEventListener('abort', () => leave(), { once: true });
  const enter = async (): Promise<EnginePlace> => {
    place = await context.gate.enter(exchange.caller.claims, exchange.signal);
    return place;
  };
  try {
    const answer = await askEngine(context, exchange, { slot, enter });
    return { ...answer, onEnd: () => leave(tokensOf(exchange.notes)) };
  } catch (error) {
    leave(0);
    throw error;
  }
}

/** What a request takes up while it is served. */
interface Shares {
  readonly slot: LimitSlot;
  /** Waits for the request's turn at the engine. */
  readonly enter: () => Promise<EnginePlace>;
}

async function askEngine(context: GatewayContext, exchange: Exchange, { slot, enter }: Shares): Promise<Answer> {
  const { config } = context;
  const bounds = { most: config.maxBodyBytes, milliseconds: config.bodyMilliseconds };
  const content = await readContent(exchange.opened.pieces, exchange.transcript, bounds);
  exchange.notes.requestDigest = exchange.transcript.digest();
  const route = findRoute(exchange.opened.head);
  // Read here, so that a header that is wrong is refused before the engine is asked.
  const shape = strongerShape(config.streamShape, parseStreamShape(exchange.opened.head.headers));
  exchange.notes.route = route.path;
  const body = route.kind === 'generate' ? await admit(context, exchange, route, content, slot) : emptyContent(content);
  const place = await enter();
  const engine = await callEngine(context.upstream, context.agent, {
    method: route.method,
    path: route.path,
    silence: config.engineMilliseconds,
    deadlines: callDeadlines(config),
    onFirstByte: place.began,
    signal: exchange.signal,
    ...(body === undefined ? {} : { body }),
  }).catch((error: unknown) => {
    if (isCloisterError(error) && error.code === 'ERR_GATEWAY_ENGINE_BUSY') place.refused();
    throw error;
  });
  const answer = await passOn(context, exchange, { route, shape }, engine);
  if (answer.shape === undefined) place.answered();
  return answer;
}

/** What the engine counted; `undefined` keeps the reservation. */
function tokensOf({ usage }: AnswerNotes): number | undefined {
  return usage === undefined ? undefined : usage.input + usage.output;
}

function findRoute(head: RequestHead): Route {
  const route = ROUTES.find(({ method, path }) => method === head.method && path === head.path);
  if (route === undefined) throw gatewayError('ERR_GATEWAY_ROUTE_UNKNOWN');
  return route;
}

function emptyContent(content: Uint8Array): undefined {
  if (content.length > 0) throw gatewayError('ERR_GATEWAY_BODY_TOO_LARGE', { detail: { most: 0 } });
}

async function admit(
  context: GatewayContext,
  exchange: Exchange,
  route: Route,
  content: Uint8Array,
  slot: LimitSlot,
): Promise<Uint8Array> {
  const { claims } = exchange.caller;
  const body = applyWirePolicy(route, content);
  await slot.reserve(estimateTokens(content, body));
  const cache = parseCacheHeaders(exchange.opened.head.headers);
  // The body is nearer to the caller than a header that a library may have added.
  const cacheSalt = createEngineSalt(context, claims, { ...cache, salt: body.salt ?? cache.salt });
  if (body.model !== undefined && /^[\x21-\x7e]{1,128}$/.test(body.model)) exchange.notes.model = body.model;
  exchange.notes.scope = cache.scope;
  const splices = await filterTexts(context, content, body);
  return body.forEngine({ cacheSalt, splices, ...endUser(context, exchange, body) });
}

/** Runs the prompt filter, as far as it is switched on, before anything is forwarded. */
async function filterTexts(
  { config, metrics, classifyPrompt }: GatewayContext,
  content: Uint8Array,
  { promptTexts }: AdmittedBody,
): Promise<readonly Splice[]> {
  if (classifyPrompt !== undefined) metrics.scored(await scorePrompt(content, promptTexts, classifyPrompt));
  if (config.promptFilter === 'off') return [];
  const { splices, changes } = filterPrompt(content, promptTexts);
  if (changes > 0 && config.promptFilter === 'refuse')
    throw gatewayError('ERR_GATEWAY_PROMPT_REFUSED', { detail: { changes } });
  return splices;
}

/** What an answer without a limit of its own is reserved for. */
const USUAL_ANSWER_TOKENS = 1024;

/** A guess from above for most texts: four bytes a token, and the longest answer. The engine's count replaces it. */
function estimateTokens(content: Uint8Array, body: AdmittedBody): number {
  return Math.ceil(content.length / 4) + (body.answerTokens ?? USUAL_ANSWER_TOKENS);
}

/** The caller's name for its own user, as a keyed hash: it groups requests and names nobody. */
function endUser(context: GatewayContext, exchange: Exchange, body: AdmittedBody): { readonly user?: string } {
  if (body.user === undefined) return {};
  const { issuer, tenant, subject } = exchange.caller.claims;
  const named = lengthPrefixed('cloister/end-user/v1', issuer, tenant, subject, body.user);
  return { user: `cu1.${toBase64url(hmacSha256(context.cacheKey, named))}` };
}

async function passOn(
  context: GatewayContext,
  exchange: Exchange,
  { route, shape }: { readonly route: Route; readonly shape: StreamShape },
  engine: EngineAnswer,
): Promise<Answer> {
  const { notes, caller } = exchange;
  if (/^text\/event-stream\b/i.test(engine.contentType)) {
    const headers = answerHeaders('text/event-stream; charset=utf-8', caller.requestId);
    const onUsage = (usage: NonNullable<AnswerNotes['usage']>): void => void (notes.usage = usage);
    // The client strips filler only where it is told that there is some.
    const told = shape === 'frames' ? [['cloister-stream-shape', shape] as const] : [];
    const body = relayEvents(engine.body, { ends: route.streamEnds, onUsage });
    return { status: engine.status, headers: [...headers, ...told], body, shape };
  }
  if (!/^application\/json\b/i.test(engine.contentType)) throw gatewayError('ERR_GATEWAY_ENGINE_FAILED');
  const text = await readAnswer(engine.body, context.config.maxAnswerBytes);
  const usage = readUsage(text);
  if (usage !== undefined) notes.usage = usage;
  return {
    status: engine.status,
    headers: [...answerHeaders('application/json', caller.requestId), ...(await nameEngine(context, exchange))],
    body: text,
    padding: shape === 'off' ? 0 : 'buckets',
  };
}

/** The boot of the engine, for a caller that proves isolation: looked up once the answer is whole. */
async function nameEngine(context: GatewayContext, { opened }: Exchange): Promise<HeaderFields> {
  if (singleHeader(opened.head.headers, 'cloister-engine') === undefined) return [];
  const id = await readBootId(context);
  return id === undefined ? [] : [['cloister-engine', id]];
}

/**
 * Reads the token counts alone; the rest of the answer stays text. An answer that is no JSON object is not whole, and an error
 * with a good status is an error: it may quote the prompt.
 */
function readUsage(text: Uint8Array): AnswerNotes['usage'] {
  const { error, object, usage } = readMembers(text);
  if ((error !== undefined && error !== null) || object === 'error') throw gatewayError('ERR_GATEWAY_ENGINE_FAILED');
  return parseTokenUsage(usage);
}

function readMembers(text: Uint8Array): Readonly<Record<'error' | 'object' | 'usage', unknown>> {
  try {
    const { members } = scanJsonObject(text);
    const read = (name: string): unknown => {
      const place = members.get(name);
      return place && JSON.parse(fromUtf8(text.subarray(place.start, place.end)));
    };
    return { error: read('error'), object: read('object'), usage: read('usage') };
  } catch {
    throw gatewayError('ERR_GATEWAY_ENGINE_CUT');
  }
}
