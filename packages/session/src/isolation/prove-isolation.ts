import { systemClock, systemRandom, type Clock, type RandomSource } from '@cloister/core';
import { check32Bytes, checkText } from '../check-arguments.ts';
import { deriveCacheSalt } from '../derive-cache-salt.ts';
import { sessionError } from '../errors.ts';
import { createProbeText } from './create-probe-text.ts';
import { findLeak } from './find-leak.ts';
import { ISOLATION_ARMS, type IsolationArm, type IsolationArmName, type IsolationReport } from './isolation-report.ts';
import { isIsolationError } from './require-isolation.ts';
import { sendProbe, type Probe, type ProbeTarget } from './send-probe.ts';

/** What a proof needs. */
export interface ProveIsolationOptions {
  /** The model's name, 1 to 256 bytes of UTF-8. */
  readonly model: string;
  /** The principal whose cache must be its own. */
  readonly own: ProbeTarget;
  /** Another principal on the same engine; without one a proof claims `salt-honoured` at most. */
  readonly other?: ProbeTarget;
  /** The enclave's identity digest that goes into the salts, 32 bytes; zeros unless given. */
  readonly identity?: Uint8Array;
  /** Letters of the probe text, 256 to 65,536; 2,048 unless given: whole blocks of every usual size. */
  readonly letters?: number;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly random?: RandomSource;
}

type Verdict = Pick<IsolationReport, 'verdict' | 'code' | 'status'>;

/**
 * Proves on the running engine that one principal's prefix cache is closed to others (DESIGN 6.6). A random text is
 * asked by the first principal, by the other with the *same* salt, by the first again, and in a new epoch. Only the third may
 * find it, and must: without that hit an absence proves nothing. All answers must come from one boot of the engine. One token
 * is asked for each; no text of a user is involved. A failure is looked into with up to three further requests.
 * @returns the report; it does not throw for what the engine does, see `requireIsolation`
 * @throws CloisterError `ERR_SESSION_DERIVATION` for arguments out of range
 */
export async function proveIsolation(options: ProveIsolationOptions): Promise<IsolationReport> {
  const { model, clock = systemClock, random = systemRandom, letters = 2048 } = options;
  const identity = options.identity ?? new Uint8Array(32);
  checkText(model, 'model', 1, 256);
  check32Bytes(identity, 'identity');
  const key = random(32);
  const salt = (epoch: number): string =>
    JSON.stringify(deriveCacheSalt({ key, identity, model, scope: 'session', scopeId: 'isolation', epoch }));
  const probe = {
    model,
    text: createProbeText(letters, random),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
  const at = clock.now();
  const arms: IsolationArm[] = [];
  const verdict = await reach(async () => {
    for (const arm of ISOLATION_ARMS) {
      const target = arm === 'other' ? options.other : options.own;
      if (target !== undefined)
        arms.push(await ask(arm, target, { ...probe, salt: salt(arm === 'epoch' ? 1 : 0) }, clock));
    }
    return judge(arms) ?? { verdict: 'failed', code: await findLeak(options.own, probe, foundBy(arms)) };
  });
  const engine = arms[0]?.engine;
  const milliseconds = clock.now() - at;
  return { ...verdict, model, at, milliseconds, ...(engine === undefined ? {} : { engine }), arms };
}

async function ask(arm: IsolationArmName, target: ProbeTarget, probe: Probe, clock: Clock): Promise<IsolationArm> {
  const start = clock.now();
  const answer = await sendProbe(target, probe);
  if (typeof answer === 'number') throw sessionError('ERR_SESSION_ISOLATION_REQUEST', { detail: { status: answer } });
  return { arm, ...answer, milliseconds: clock.now() - start };
}

/** The arms other than `warm` that found something. */
function foundBy(arms: readonly IsolationArm[]): ReadonlySet<IsolationArmName> {
  return new Set(arms.filter(({ arm, cachedTokens = 0 }) => arm !== 'warm' && cachedTokens > 0).map(({ arm }) => arm));
}

/** @returns `undefined` when somebody found what was not theirs: why, is for `findLeak` to say */
function judge(arms: readonly IsolationArm[]): Verdict | undefined {
  const boots = new Set(arms.map(({ engine }) => engine));
  if (boots.has(undefined)) return { verdict: 'inconclusive', code: 'ERR_SESSION_ISOLATION_ENGINE_UNKNOWN' };
  if (boots.size > 1) return { verdict: 'inconclusive', code: 'ERR_SESSION_ISOLATION_ENGINE_CHANGED' };
  if (foundBy(arms).size > 0) return undefined;
  const warm = arms.find(({ arm }) => arm === 'warm')?.cachedTokens;
  // Engines that leave a count of zero out are believed only when they can show one that is not zero.
  if (warm === undefined) return { verdict: 'inconclusive', code: 'ERR_SESSION_ISOLATION_USAGE' };
  if (warm === 0) return { verdict: 'failed', code: 'ERR_SESSION_ISOLATION_CACHE_OFF' };
  return { verdict: arms.some(({ arm }) => arm === 'other') ? 'isolated' : 'salt-honoured' };
}

/** A request that got no answer proves nothing. */
async function reach(work: () => Promise<Verdict>): Promise<Verdict> {
  try {
    return await work();
  } catch (error) {
    if (!isIsolationError(error)) throw error;
    const status = error.detail['status'];
    return { verdict: 'inconclusive', code: error.code, ...(typeof status === 'number' ? { status } : {}) };
  }
}
