import { createMint, type Tenant } from '@cloister/core';
import { createCanary } from '@cloister/prompt';
import { createVault, type Vault } from '@cloister/redaction';
import { createSession, type CacheScope, type Session, type SessionEndReceipt } from '@cloister/session';
import { runtimeError } from './errors.ts';
import type { History } from './history.ts';

/** A conversation: one place in the prefix cache and one vault of masked values. */
export interface RuntimeSession {
  /** Random, for the caller's own bookkeeping. */
  readonly id: string;
  readonly scope: CacheScope;
  /** By which `tenant.session({ resume })` finds its memory again; absent when nothing is remembered. */
  readonly memory?: string;
  /**
   * Destroys the session's secrets and what it remembers; what it masked can no longer be restored. Safe to call again.
   * @returns the signed receipt of a session that had a memory
   */
  end(): Promise<SessionEndReceipt | undefined>;
}

/** What stands behind a session handle. */
export interface OpenSession {
  readonly tenant: Tenant;
  readonly cache: Session;
  readonly vault: Vault;
  /** Closes the system message of every prompt; no answer may repeat it. */
  readonly canary: string;
  /** The turns so far, when they are remembered. */
  readonly history: History | undefined;
}

const sessions = createMint<RuntimeSession, OpenSession>();

/** How a session is opened. */
export interface OpenSessionOptions {
  readonly scope: CacheScope;
  readonly model: string;
  /** The enclave's identity digest, 32 bytes: a changed enclave never meets an old cache. */
  readonly identity: Uint8Array;
  /** Opens the memory that ends together with this place in the cache. */
  readonly remember?: (cache: Session) => Promise<History>;
  /** Called once, when the session has ended. */
  readonly onEnd?: (id: string) => Promise<void>;
}

/** Opens a session for a tenant. */
export async function openSession(tenant: Tenant, options: OpenSessionOptions): Promise<RuntimeSession> {
  const { scope, model, identity } = options;
  const cache = await createSession(tenant, { scope, model, identity });
  const vault = createVault();
  const history = await options.remember?.(cache);
  let ended: Promise<SessionEndReceipt | undefined> | undefined;
  const end = async (): Promise<SessionEndReceipt | undefined> => {
    vault.close();
    cache.end();
    const receipt = await history?.memory.end();
    await options.onEnd?.(cache.id);
    return receipt;
  };
  const memory = history === undefined ? {} : { memory: history.memory.session };
  return sessions.mint(
    { id: cache.id, scope, ...memory, end: () => (ended ??= end()) },
    { tenant, cache, vault, canary: createCanary(), history },
  );
}

/**
 * What a session handle stands for.
 * @throws CloisterError `ERR_RUNTIME_SESSION_FOREIGN` for another tenant's session, a copy or a cast
 */
export function resolveSession(session: RuntimeSession, tenant: Tenant): OpenSession {
  const open = sessions.resolve(session);
  if (open === undefined || open.tenant !== tenant) throw runtimeError('ERR_RUNTIME_SESSION_FOREIGN');
  return open;
}
