import OpenAI from 'openai';
import { createSession } from '@cloister/session';
import type { Tenant } from '@cloister/core';
import type { Row } from '../report.ts';
import { createSamples } from '../samples.ts';
import type { Engine } from './measure-economy.ts';

const WARM_UP = 100;
const ROUNDS = 400;

/** CPU time of what a session adds to a request (its salt), beside what openai-node adds to fetch; in turns, in one run. */
export async function measureClient(engine: Engine, tenant: Tenant): Promise<Row[]> {
  const session = await createSession(tenant, { model: engine.model, identity: new Uint8Array(32) });
  const openai = new OpenAI({ baseURL: `${engine.url}/v1`, apiKey: 'none', maxRetries: 0 });
  const messages = [{ role: 'user' as const, content: 'Hello' }];
  const body = { model: engine.model, messages, max_tokens: 1 };
  const samples = createSamples();
  const plain = async (): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    await (await fetch(`${engine.url}/v1/chat/completions`, init)).json();
  };
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    if (round === 0) samples.clear();
    await samples.cpu('fetch', plain);
    await samples.cpu('openai', async () => void (await openai.chat.completions.create(body)));
    const start = performance.now();
    session.salt({ label: 'restricted' });
    samples.add('salt', performance.now() - start);
  }
  session.end();
  const added = samples.mean('openai cpu') - samples.mean('fetch cpu');
  const salt = samples.median('salt');
  return [
    { name: 'session layer, per request', value: 1000 * salt, unit: 'us', baseline: 1000 * added, ratio: salt / added },
  ];
}
