import { fromUtf8, isCloisterError, parseJson } from '@cloister/core';
import { engineBootId } from '@cloister/session';
import { callDeadlines } from '../engine/call-deadline.ts';
import { callEngine } from '../engine/call-engine.ts';
import { child } from '../engine/token-usage.ts';
import type { EngineAccess } from '../engine/engine-access.ts';
import { readAnswer } from '../read-answer.ts';

const MOST_METRICS_BYTES = 16 * 1024 * 1024;

/** The first model that the engine lists. @throws ERR_GATEWAY_ENGINE_FAILED and what `callEngine` throws */
export async function readModel(engine: EngineAccess): Promise<string | undefined> {
  const list = child(parseJson(await read(engine, '/v1/models')), 'data');
  const id = Array.isArray(list) ? child(list[0], 'id') : undefined;
  return typeof id === 'string' ? id : undefined;
}

/** What the engine's `/version` says; `undefined` when it has none. */
export async function readVersion(engine: EngineAccess): Promise<string | undefined> {
  const version = child(parseJson(await readOptional(engine, '/version', '{}')), 'version');
  return typeof version === 'string' ? version : undefined;
}

/** Names the running boot of the engine; `undefined` when its metrics do not tell. */
export async function readBootId(engine: EngineAccess): Promise<string | undefined> {
  return engineBootId(await readOptional(engine, '/metrics', ''));
}

/** An engine without this route answers for itself: it lacks it. */
async function readOptional(engine: EngineAccess, path: string, absent: string): Promise<string> {
  try {
    return await read(engine, path);
  } catch (error) {
    if (isCloisterError(error) && error.code === 'ERR_GATEWAY_ENGINE_REFUSED') return absent;
    throw error;
  }
}

async function read({ upstream, agent, config }: EngineAccess, path: string): Promise<string> {
  const signal = AbortSignal.timeout(config.engineMilliseconds);
  const call = { method: 'GET', path, silence: config.engineMilliseconds, deadlines: callDeadlines(config), signal };
  const answer = await callEngine(upstream, agent, call);
  return fromUtf8(await readAnswer(answer.body, MOST_METRICS_BYTES));
}
