import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeKvEvents, hashesOf, type StoredBlocks, subscribe } from './kv-events.ts';

// The stand-in's block hashes against what a live vLLM says that it has cached. Start it with PYTHONHASHSEED=0, --prefix-caching-hash-algo sha256_cbor and
// --kv-events-config '{"enable_kv_cache_events":true,"publisher":"zmq","endpoint":"tcp://127.0.0.1:5557"}'
// and set CLOISTER_VLLM_KV_PORT=5557 besides CLOISTER_VLLM_URL.

const vllm = process.env['CLOISTER_VLLM_URL'];
const port = Number(process.env['CLOISTER_VLLM_KV_PORT'] ?? 0);
if (vllm === undefined || port === 0)
  console.warn('SKIPPED: set CLOISTER_VLLM_URL and CLOISTER_VLLM_KV_PORT to compare block hashes with a live vLLM.');

describe.skipIf(vllm === undefined || port === 0)('the KV events of a live vLLM', () => {
  const stored: StoredBlocks[] = [];
  let subscriber: AsyncDisposable;
  let model: string;
  beforeAll(async () => {
    subscriber = await subscribe(port, (payload) => stored.push(...decodeKvEvents(payload)));
    const { data: models } = (await (await fetch(new URL('/v1/models', vllm))).json()) as { data: { id: string }[] };
    model = models[0]?.id ?? '';
    // The publisher comes back within a second or so; what it says before is lost.
    for (let tries = 0; stored.length === 0 && tries < 60; tries++) {
      await ask(`Hello ${tries}, whoever listens. `.repeat(20), undefined);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  });
  afterAll(() => subscriber[Symbol.asyncDispose]());

  async function ask(content: string, salt: string | undefined): Promise<void> {
    const response = await fetch(new URL('/v1/chat/completions', vllm), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages: [{ role: 'user', content }], max_tokens: 40, cache_salt: salt ?? null }),
    });
    expect(response.status).toBe(200);
    await response.text();
  }

  const words = Array.from({ length: 120 }, () => Math.random().toString(36).slice(2, 7)).join(' ');
  const salts = [undefined, 'A', `cs1.${'x'.repeat(43)}`, `cg1.${'y'.repeat(43)}`, '\u{1f511}'.repeat(128), ' '];

  it.each(salts)('hold our hashes with the salt %j, for prompt and answer', async (salt) => {
    stored.length = 0;
    await ask(words, salt);
    await expect.poll(() => stored.flatMap(({ hashes }) => hashes).length, { timeout: 10_000 }).toBeGreaterThan(8);
    // Blocks of one prompt come in one event or more, those of the answer later: each names the block before it.
    const prefixes = new Map<string, readonly number[]>();
    for (const blocks of stored) {
      const prefix = blocks.parent === undefined ? [] : prefixes.get(blocks.parent);
      expect(prefix).toBeDefined();
      expect(hashesOf(blocks, salt, prefix)).toEqual(blocks.hashes);
      blocks.hashes.forEach((hash, index) =>
        prefixes.set(hash, [...(prefix ?? []), ...blocks.tokens.slice(0, (index + 1) * blocks.blockSize)]),
      );
    }
    // Control: another salt gives none of them.
    expect(hashesOf(stored[0] as StoredBlocks, 'another').some((hash) => prefixes.has(hash))).toBe(false);
  });
});
