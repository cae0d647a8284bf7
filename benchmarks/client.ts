import { attest } from '@cloister/client';
import { fromBase64 } from '@cloister/core';
import type { EvidencePolicy } from '@cloister/evidence';
import OpenAI from 'openai';
import { startChild } from './gateway/child-process.ts';
import { printReport, type Row } from './report.ts';
import { median } from './median.ts';

// What the sealed fetch adds to a plain one on loopback, beside what openai-node adds to the same plain fetch: CPU time of this
// process, which is the client alone. Engine and gateway have a process of their own.

const STREAMS = 32;
const REQUESTS = 200;
const ROUNDS = 3;
const WARM_UP = 2;

interface Partner {
  readonly plain: string;
  readonly url: string;
  readonly apiKey: string;
  readonly policy: EvidencePolicy;
  readonly intel: readonly string[];
  readonly events: number;
}

/** Asks once and reads the answer to its end. */
type Ask = (isStream: boolean) => Promise<void>;

const messages = [{ role: 'user' as const, content: 'Hello' }];

function askByFetch(fetch: typeof globalThis.fetch, url: string, apiKey: string): Ask {
  return async (stream) => {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'm', messages, stream }),
    });
    if (response.status !== 200 || response.body === null) throw new Error(`status ${response.status}`);
    for await (const piece of response.body) void piece;
  };
}

function askByLibrary(url: string, apiKey: string): Ask {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
  return async (isStream) => {
    if (!isStream) return void (await client.chat.completions.create({ model: 'm', messages }));
    for await (const chunk of await client.chat.completions.create({ model: 'm', messages, stream: true })) void chunk;
  };
}

/** CPU microseconds of this process meanwhile. */
async function cost(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

const requests = (ask: Ask) => async (): Promise<void> => {
  for (let index = 0; index < REQUESTS; index++) await ask(false);
};

const streams = (ask: Ask) => async (): Promise<void> => {
  await Promise.all(Array.from({ length: STREAMS }, () => ask(true)));
};

/** Microseconds for one request and for one event of a stream, of each arm. */
async function measure(arms: readonly Ask[], events: number): Promise<readonly (readonly [number, number])[]> {
  const samples = arms.map(() => ({ request: [] as number[], event: [] as number[] }));
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    for (const [index, ask] of arms.entries()) {
      const request = (await cost(requests(ask))) / REQUESTS;
      const event = ((await cost(streams(ask))) / STREAMS - request) / events;
      if (round < 0) continue;
      samples[index]?.request.push(request);
      samples[index]?.event.push(event);
    }
  }
  return samples.map(({ request, event }) => [median(request), median(event)]);
}

function rowOf(what: string, [plain, sealed, library]: readonly number[]): Row {
  const [value, baseline] = [(sealed ?? 0) - (plain ?? 0), (library ?? 0) - (plain ?? 0)];
  return {
    name: `CPU added to plain fetch ${what}, against openai-node`,
    value,
    unit: 'us',
    baseline,
    ratio: value / baseline,
  };
}

await using partner = await startChild('client-partner-main.ts');
const { plain, url, apiKey, policy, intel, events } = JSON.parse(partner.line) as Partner;
const roots = { intel: intel.map((root) => fromBase64(root)), simulated: true };
await using enclave = await attest(url, { policy, roots });
const arms = [askByFetch(fetch, plain, apiKey), askByFetch(enclave.fetch, url, apiKey), askByLibrary(plain, apiKey)];
const results = await measure(arms, events);
const [perRequest, perEvent] = [0, 1].map((part) => results.map((result) => result[part] ?? Number.NaN));
printReport('client', [
  rowOf('for each request', perRequest ?? []),
  rowOf('for each event of a stream', perEvent ?? []),
  { name: 'CPU of plain fetch for each request', value: perRequest?.[0] ?? Number.NaN, unit: 'us' },
  { name: 'CPU of plain fetch for each event', value: perEvent?.[0] ?? Number.NaN, unit: 'us' },
]);
