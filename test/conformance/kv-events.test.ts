import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeKvEvents, hashesOf } from '../vllm/kv-events.ts';

// The stand-in's block hashes against the KV events that a vLLM 0.32 published, in CLOISTER_EVAL_DATA; test/vllm does the same live.

const data = join(process.env['CLOISTER_EVAL_DATA'] ?? '', 'vllm');
const names = ['kv-events-int-hashes.json', 'kv-events-bytes-hashes.json'];
const isThere = names.every((name) => existsSync(join(data, name)));
if (!isThere) console.warn('SKIPPED: set CLOISTER_EVAL_DATA to compare block hashes with recorded KV events.');

interface Recorded {
  readonly salt: string | null;
  readonly raw_messages: readonly { readonly payload_hex: string }[];
}

describe.skipIf(!isThere)('recorded KV events', () => {
  it.each(names)('hold our hashes: %s', (name) => {
    const recorded = JSON.parse(readFileSync(join(data, name), 'utf8')) as readonly Recorded[];
    let blocks = 0;
    for (const { salt, raw_messages: messages } of recorded) {
      for (const stored of messages.flatMap(({ payload_hex: hex }) => decodeKvEvents(Buffer.from(hex, 'hex')))) {
        expect(stored.parent).toBeUndefined();
        expect(hashesOf(stored, salt ?? undefined)).toEqual(stored.hashes);
        blocks += stored.hashes.length;
      }
    }
    expect(blocks).toBeGreaterThan(4);
  });
});
