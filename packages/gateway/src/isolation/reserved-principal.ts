import { fromUtf8, isCloisterError, utf8, type PrincipalClaims } from '@cloister/core';
import type { ProbeTarget } from '@cloister/session';
import { applyWirePolicy } from '../body/apply-wire-policy.ts';
import { parseCacheSalt } from '../body/cache-salt.ts';
import { createEngineSalt } from '../body/create-engine-salt.ts';
import { ROUTES, type Route } from '../config/wire-policy.ts';
import type { EngineAccess } from '../engine/engine-access.ts';
import { callDeadlines } from '../engine/call-deadline.ts';
import { callEngine } from '../engine/call-engine.ts';
import { readAnswer } from '../read-answer.ts';
import { readBootId } from './read-engine.ts';

const CHAT = ROUTES.find(({ path }) => path === '/v1/chat/completions') as Route;
const GROUP = 'isolation';
const MOST_ANSWER_BYTES = 1024 * 1024;

/**
 * One of the two principals that only a proof knows. Its salts are bound, spliced in and sent by the code that serves
 * callers, so that what is proven is what they get. No caller can be one: nobody's issuer is called like that.
 */
export function reservedPrincipal(context: EngineAccess, name: 'first' | 'second'): ProbeTarget {
  const claims: PrincipalClaims = {
    issuer: 'cloister:isolation',
    tenant: name,
    subject: name,
    groups: [GROUP],
    clearance: 'restricted',
    compartments: [],
    purpose: 'isolation',
  };
  return {
    baseURL: 'http://engine/v1',
    fetch: async (_, init) => {
      const body = bind(context, claims, utf8(init?.body as string));
      return send(context, body, init?.signal ?? undefined);
    },
    engine: () => readBootId(context),
  };
}

/** Bodies with a salt of ours go the way of every request; the controls of a failed proof go as they are. */
function bind(context: EngineAccess, claims: PrincipalClaims, text: Uint8Array): Uint8Array {
  if (!/"cache_salt":"cs1\./.test(fromUtf8(text))) return text;
  const body = applyWirePolicy(CHAT, text);
  const [scope = 'session'] = context.config.cacheScopes;
  const salt = body.salt === undefined ? undefined : parseCacheSalt(body.salt);
  return body.forEngine({ cacheSalt: createEngineSalt(context, claims, { scope, salt, group: GROUP }) });
}

async function send(context: EngineAccess, body: Uint8Array, signal?: AbortSignal): Promise<Response> {
  const { upstream, agent, config } = context;
  try {
    const answer = await callEngine(upstream, agent, {
      method: CHAT.method,
      path: CHAT.path,
      body,
      silence: config.engineMilliseconds,
      deadlines: callDeadlines(config),
      signal: signal ?? AbortSignal.timeout(config.engineMilliseconds),
    });
    return new Response(Uint8Array.from(await readAnswer(answer.body, MOST_ANSWER_BYTES)));
  } catch (error) {
    const status = isCloisterError(error) ? error.detail['status'] : undefined;
    if (typeof status === 'number' && status >= 400) return new Response(null, { status });
    throw error;
  }
}
