import { systemRandom } from '@cloister/core';
import { CACHE_SCOPES, createSession, deriveEngineSalt, type CacheScope, type Session } from '@cloister/session';
import type { Tenant } from '@cloister/core';
import type { Row } from '../report.ts';

/** Where the engine is and what it serves. */
export interface Engine {
  readonly url: string;
  readonly model: string;
}

const QUESTIONS = ['What is the dose?', 'Since when?'];
const SESSIONS = 2;

interface Use {
  readonly prompt: number;
  readonly cached: number;
}

async function ask(engine: Engine, system: string, question: string, salt: string): Promise<Use> {
  const messages = [
    { role: 'system', content: system },
    { role: 'user', content: question },
  ];
  const body = { model: engine.model, messages, max_tokens: 1, temperature: 0, cache_salt: salt };
  const response = await fetch(`${engine.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const { usage } = (await response.json()) as {
    usage: { prompt_tokens: number; prompt_tokens_details: { cached_tokens: number } };
  };
  return { prompt: usage.prompt_tokens, cached: usage.prompt_tokens_details.cached_tokens };
}

/**
 * What a scope costs: two subjects, two sessions each, two questions in each, all with one system prompt. Tokens that the
 * engine had to compute, against all prompt tokens, by its own count.
 */
export async function measureEconomy(engine: Engine, tenants: readonly Tenant[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const scope of CACHE_SCOPES) {
    const system = `${Buffer.from(systemRandom(8)).toString('hex')} ${'Answer from the numbered sources and from nothing else. '.repeat(40)}`;
    const uses: Use[] = [];
    for (const tenant of tenants) {
      for (let round = 0; round < SESSIONS; round++) {
        const session = await open(tenant, scope, engine.model);
        for (const question of QUESTIONS) uses.push(await ask(engine, system, question, saltFor(session, scope)));
        session.end();
      }
    }
    const prompt = uses.reduce((sum, use) => sum + use.prompt, 0);
    const computed = prompt - uses.reduce((sum, use) => sum + use.cached, 0);
    rows.push({
      name: `scope ${scope}: prompt tokens computed`,
      value: computed,
      unit: 'tokens',
      baseline: prompt,
      ratio: computed / prompt,
    });
  }
  return rows;
}

const engineKey = systemRandom(32);

function open(tenant: Tenant, scope: CacheScope, model: string): Promise<Session> {
  const group = scope === 'group' ? { group: 'staff' } : {};
  return createSession(tenant, { scope, model, identity: new Uint8Array(32), ...group });
}

/** As the gateway binds it; the client's salt already differs between subjects where the scope says so. */
function saltFor(session: Session, scope: CacheScope): string {
  return deriveEngineSalt({
    key: engineKey,
    scope,
    owner: ['bench', 'clinic'],
    salt: session.salt({ widest: 'tenant' }),
  });
}
