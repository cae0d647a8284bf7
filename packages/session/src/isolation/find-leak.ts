import type { IsolationArmName, IsolationCode } from './isolation-report.ts';
import { sendProbe, type Probe, type ProbeTarget } from './send-probe.ts';

/** A salt that the engine must refuse when it reads the member (vLLM 0.30 and later). */
const REFUSED_SALT = '"@"';
/** An integer that no JSON reader of an engine in Python takes, whatever the member's name: longer than 4,300 digits. */
const UNREADABLE_SALT = '9'.repeat(5000);

/**
 * Says where the salt was lost, once somebody has found what was not meant for them. Each control is a request that
 * goes the way of the probes:
 *
 * 1. Without a salt: finds the text when the salted probes lie in the part of the cache that everybody shares.
 * 2. With a salt that the engine refuses: it answers 400 when the member reaches it under its right name.
 * 3. With a number that no engine's parser takes: it answers 400 when the member reaches it under any name.
 *
 * A control that gets no answer takes nothing from what the arms have shown.
 * @param found the arms that found something although they should not
 */
export async function findLeak(
  target: ProbeTarget,
  probe: Omit<Probe, 'salt'>,
  found: ReadonlySet<IsolationArmName>,
): Promise<IsolationCode> {
  try {
    const bare = await sendProbe(target, probe);
    // A gateway refuses requests without a salt, so that only the arms tell.
    if (typeof bare === 'number' || (bare.cachedTokens ?? 0) === 0) return withoutControls(found);
    if (await isRefused(target, probe, REFUSED_SALT)) return 'ERR_SESSION_ISOLATION_SALT_IGNORED';
    if (await isRefused(target, probe, UNREADABLE_SALT)) return 'ERR_SESSION_ISOLATION_SALT_MISSPELT';
    return 'ERR_SESSION_ISOLATION_SALT_DROPPED';
  } catch {
    return withoutControls(found);
  }
}

async function isRefused(target: ProbeTarget, probe: Omit<Probe, 'salt'>, salt: string): Promise<boolean> {
  return typeof (await sendProbe(target, { ...probe, salt })) === 'number';
}

/** The probes have salts, but not the ones they were given. */
function withoutControls(found: ReadonlySet<IsolationArmName>): IsolationCode {
  if (found.has('epoch')) return 'ERR_SESSION_ISOLATION_SALT_CONSTANT';
  return found.has('other') ? 'ERR_SESSION_ISOLATION_OWNER_IGNORED' : 'ERR_SESSION_ISOLATION_USAGE';
}
