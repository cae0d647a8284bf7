import { lengthPrefixed, sha256, toHex } from '@cloister/core';

/** Times in the metrics that no restart leaves as they were: of the process, and of the cache's own counters. */
const SIGNS = /^(?:process_start_time_seconds|vllm:prefix_cache_queries_created(?:\{[^}\n]*\})?) ([0-9.e+]{1,40})$/gm;

/**
 * Names one boot of an engine: SHA-256 over the start times in its Prometheus metrics, 64 hex digits.
 * @param metrics the text of `/metrics`, at most 16 MiB are looked at
 * @returns `undefined` when it holds none of them
 */
export function engineBootId(metrics: string): string | undefined {
  const times = [...metrics.slice(0, 16 * 1024 * 1024).matchAll(SIGNS)].map(([, time]) => time as string);
  return times.length === 0 ? undefined : toHex(sha256(lengthPrefixed('cloister/engine-boot/v1', ...times)));
}
