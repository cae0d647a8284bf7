import {
  deriveEngineSalt,
  engineBootId,
  proveIsolation,
  type IsolationReport,
  type ProbeTarget,
} from '@cloister/session';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// The proof against the vLLM at CLOISTER_VLLM_URL, with what can go wrong between a gateway and its engine.
// CLOISTER_VLLM_UNCACHED_URL names one that was started with --no-enable-prefix-caching.

const vllm = process.env['CLOISTER_VLLM_URL'];
const uncached = process.env['CLOISTER_VLLM_UNCACHED_URL'];
if (vllm === undefined) console.warn('SKIPPED: set CLOISTER_VLLM_URL to prove isolation on a real vLLM.');

/** Letters of the probe: about 450 tokens, so many of the server's blocks. */
const LETTERS = 1024;
const engineKey = crypto.getRandomValues(new Uint8Array(32));

/** What is wrong: a proxy changes the request's text, or another server answers. */
interface Mutant {
  readonly request?: (text: string) => string;
  readonly server?: string;
}

describe.skipIf(vllm === undefined)('the isolation proof on a real vLLM', () => {
  let model: string;
  beforeAll(async () => {
    const { data } = (await (await fetch(new URL('/v1/models', vllm))).json()) as { data: { id: string }[] };
    model = data[0]?.id ?? '';
  });

  function principal(subject: string, { request = (text) => text, server = vllm }: Mutant): ProbeTarget {
    const bind = (text: string): string =>
      text.replace(/cs1\.[\w-]{43}/, (salt) =>
        deriveEngineSalt({ key: engineKey, scope: 'session', owner: ['i', 't', subject], salt }),
      );
    return {
      baseURL: new URL('/v1', server).href,
      fetch: (url, init) => fetch(url, { ...init, body: request(bind(init?.body as string)) }),
      engine: async () => engineBootId(await (await fetch(new URL('/metrics', server))).text()),
    };
  }

  const reports: IsolationReport[] = [];
  const prove = async (mutant: Mutant): Promise<IsolationReport> => {
    const report = await proveIsolation({
      model,
      own: principal('a', mutant),
      other: principal('b', mutant),
      letters: LETTERS,
    });
    reports.push(report);
    return report;
  };
  afterAll(() => {
    for (const { verdict, code, milliseconds, arms } of reports)
      console.log(verdict, code ?? '', `${Math.round(milliseconds)} ms`, arms.map((arm) => arm.cachedTokens).join(' '));
  });

  it('passes when everything is as it should be', async () => {
    expect(await prove({})).toMatchObject({ verdict: 'isolated' });
  });

  const mutants: readonly (readonly [string, Mutant['request'], string])[] = [
    ['dropped', (text) => text.replace(/,"cache_salt":[^}]*/, ''), 'SALT_DROPPED'],
    ['misspelt', (text) => text.replace('"cache_salt"', '"cacheSalt"'), 'SALT_MISSPELT'],
    ['constant', (text) => text.replace(/cg1\.[\w-]{43}/, 'the-same-for-all'), 'SALT_CONSTANT'],
  ];
  it.each(mutants)('says that the salt is %s', async (_, request, reason) => {
    expect(await prove(request === undefined ? {} : { request })).toMatchObject({
      verdict: 'failed',
      code: `ERR_SESSION_ISOLATION_${reason}`,
    });
  });

  it.skipIf(uncached === undefined)('says that the cache is off (set CLOISTER_VLLM_UNCACHED_URL)', async () => {
    expect(await prove(uncached === undefined ? {} : { server: uncached })).toMatchObject({
      verdict: 'failed',
      code: 'ERR_SESSION_ISOLATION_CACHE_OFF',
    });
  });
});
