import { attest } from '@cloister/client';
import { startSimulatedGateway } from '@cloister/example-gateway/start';
import { printReport, tellProgress, type Row } from '../../benchmarks/report.ts';
import { attackPrompts, createText, guessBlocks, type Scene } from './timing/attack-timing.ts';
import { countTokens } from './timing/caller.ts';

// Another tenant of the same server tries to learn from the time of first tokens what a tenant has asked: first with the cache
// that all share, as a server does it by itself, then through the gateway. On the stand-in, or on the vLLM at CLOISTER_VLLM_URL.
// AUC 0.5 is chance, and 6.25 % for the guess. CLOISTER_TIMING_SAMPLES sets the texts of each kind.

const LEAST_TOKENS = 1000;
/** Milliseconds between two words of progress. */
const PAUSE = 5000;

const vllm = process.env['CLOISTER_VLLM_URL'];
const samples = Number(process.env['CLOISTER_TIMING_SAMPLES'] ?? (vllm === undefined ? 200 : 60));
const rounds = Math.ceil(samples / 5);

await using running = await startSimulatedGateway(
  vllm === undefined ? { standIn: { millisecondsPerUncachedToken: 0.05 } } : { vllm },
);
await using enclave = await attest(running.url, { policy: running.policy, roots: running.tee.roots });
const { model } = running;
const engine = { baseURL: `${running.standIn?.url ?? new URL(vllm ?? '').origin}/v1`, fetch, headers: {}, model };
const through = (apiKey: string): typeof engine => ({
  ...engine,
  baseURL: enclave.baseURL,
  fetch: enclave.fetch,
  headers: { authorization: `Bearer ${apiKey}` },
});

/** At most once in a few seconds. */
function tellEvery(scene: string): Scene['tell'] {
  let last = performance.now();
  return (what) => {
    if (performance.now() - last < PAUSE) return;
    last = performance.now();
    tellProgress('timing', `${scene}, ${what}`);
  };
}

const perLetter = (await countTokens(engine, createText(1000))) / 1000;
const letters = Math.ceil((LEAST_TOKENS * 1.05) / perLetter);
const tokens = await countTokens(engine, createText(letters));
const scenes: Readonly<Record<string, Scene>> = {
  'shared cache': { victim: engine, attacker: engine, tell: tellEvery('shared cache') },
  ours: { victim: through(running.apiKey), attacker: through(running.otherApiKey), tell: tellEvery('ours') },
};
const rows: Row[] = [
  { name: 'prompt', value: tokens, unit: 'tokens' },
  { name: 'samples of each kind', value: samples, unit: 'texts' },
];
for (const [name, scene] of Object.entries(scenes)) {
  const { auc, low, high } = await attackPrompts(scene, samples, letters);
  const guessed = await guessBlocks(scene, rounds, Math.ceil(letters / 3));
  rows.push(
    { name: `${name}: was this asked?`, value: auc, unit: 'AUC' },
    { name: `${name}: lower end of 95 %`, value: low, unit: 'AUC' },
    { name: `${name}: upper end of 95 %`, value: high, unit: 'AUC' },
    { name: `${name}: which of 16 words, ${rounds} rounds`, value: 100 * guessed, unit: '%' },
  );
}
printReport('timing', rows);
