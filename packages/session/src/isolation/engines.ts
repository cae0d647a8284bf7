import { sessionError } from '../errors.ts';

/** What is known about an engine's prefix cache. */
export interface EngineCapability {
  /** Whether salts separate callers at all; where they do not, a server may serve one tenant only. */
  readonly separates: boolean;
  /** The oldest version that is trusted to read salts as this package writes them, as `major.minor`. */
  readonly least?: readonly [major: number, minor: number];
}

/**
 * Engines and what they promise; the promise is proven on the running server by `proveIsolation`. vLLM checks and caps
 * salts from 0.30 (one untagged tuple in the block hash) and tags them from 0.31; salts of this package are safe in both,
 * because they begin with a word that no adapter has. SGLang keeps salts apart by a field of its own. llama.cpp and TGI share.
 */
export const ENGINES: Readonly<Record<'vllm' | 'sglang' | 'other', EngineCapability>> = {
  vllm: { separates: true, least: [0, 30] },
  sglang: { separates: true },
  other: { separates: false },
};

/** One of `ENGINES`. */
export type EngineName = keyof typeof ENGINES;

/**
 * The gate by version, before any probe.
 * @param version as the engine's `/version` says it, for example `0.32.0` or `0.31.1rc2.dev5+gabc`
 * @param tenants how many tenants the server may serve
 * @throws CloisterError `ERR_SESSION_ENGINE_SHARED`, `ERR_SESSION_ENGINE_VERSION`
 */
export function requireEngine(engine: EngineName, version: string | undefined, tenants: 'one' | 'many'): void {
  const { separates, least } = ENGINES[engine];
  if (!separates && tenants === 'many') throw sessionError('ERR_SESSION_ENGINE_SHARED');
  if (least === undefined) return;
  const [, major, minor, rest = ''] = /^v?(\d{1,4})\.(\d{1,4})(.{0,80})$/.exec(version ?? '') ?? [];
  const enough = Number(major) > least[0] || (Number(major) === least[0] && Number(minor) >= least[1]);
  // A build before the first release of the least version may lack what that release brought.
  const before = Number(major) === least[0] && Number(minor) === least[1] && /^\.0(?:rc|a|b|\.dev)/.test(rest);
  if (!enough || before) throw sessionError('ERR_SESSION_ENGINE_VERSION');
}
