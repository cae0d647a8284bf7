import {
  bigEndian,
  concat,
  systemClock,
  systemRandom,
  toBase64url,
  toHex,
  utf8,
  zero,
  type Tenant,
} from '@cloister/core';
import {
  deriveSubkey,
  destroySessionKey,
  keyVersions,
  makeSessionKey,
  openSessionKey,
  tenantClaims,
} from '@cloister/tenancy';
import { sessionError } from '../errors.ts';
import { keyedName } from './keyed-name.ts';
import { expiryOf, type MemoryOptions, type MemoryParts } from './memory-parts.ts';
import { createMemory, type Memory } from './memory.ts';
import { openSessionHeads } from './session-heads.ts';
import { sweepSometimes } from './sweep-memory.ts';
import { createTurnChain, type TurnChain } from './turn-chain.ts';
import { decodeTurn, type Turn } from './turn.ts';

const DAY = 86_400_000;

/**
 * Opens the memory of a conversation: an append-only chain of sealed turns (DESIGN 6.6). Reopening opens every turn in
 * its place, for the subject that began it and nobody else; a turn that was swapped, dropped, moved or changed refuses the whole session, and so does, with a ledger, one that
 * was cut off at the end or an older state of all. The session's key lies wrapped at the tenant's broker, never in the store.
 * @throws CloisterError `ERR_SESSION_UNKNOWN`, `ERR_SESSION_EXPIRED`, `ERR_SESSION_MEMORY_TAMPERED`,
 *   `ERR_SESSION_MEMORY_ROLLED_BACK`, `ERR_SESSION_MEMORY_CONFLICT`; `ERR_TENANCY_*`
 */
export async function openMemory(tenant: Tenant, options: MemoryOptions): Promise<Memory> {
  const { random = systemRandom, clock = systemClock, ledger } = options;
  const resolved = { idleMilliseconds: DAY, absoluteMilliseconds: 30 * DAY, ...options, random, clock };
  const session = options.session ?? toBase64url(random(16));
  const common = {
    tenant,
    options: resolved,
    session,
    name: await keyedName(tenant, 'session', tenantClaims(tenant).subject, session),
    heads: ledger && (await openSessionHeads(tenant, ledger)),
  };
  const memory = await (options.session === undefined ? begin(common) : resume(common));
  if (common.heads !== undefined) sweepSometimes(tenant, common.heads, options.store, clock.now());
  return memory;
}

type Common = Omit<MemoryParts, 'chain' | 'startedAt' | 'turns'>;

async function begin(common: Common): Promise<Memory> {
  const { options, name, tenant, heads } = common;
  const version = (await keyVersions(tenant)).find(({ state }) => state === 'active')?.version ?? 1;
  const chain = await chainOf(common, await makeSessionKey(tenant, name), version);
  const startedAt = Math.floor(options.clock.now());
  const header = concat(bigEndian(version, 4), chain.seal(utf8(String(startedAt)), options.random));
  const expiresAt = expiryOf({ options, startedAt, turns: [] });
  chain.advance(header);
  let isNew: boolean;
  try {
    isNew = await options.store.put(name, header, expiresAt);
    if (isNew) await heads?.write(name, { length: chain.length, digest: toHex(chain.head), expiresAt });
  } catch (error) {
    // No sweep would find the key of a session that never began.
    chain.clear();
    await destroySessionKey(tenant, name).catch(() => {});
    throw error;
  }
  if (!isNew) throw sessionError('ERR_SESSION_MEMORY_CONFLICT');
  return createMemory({ ...common, chain, startedAt, turns: [] });
}

async function resume(common: Common): Promise<Memory> {
  const { options, name, tenant } = common;
  const key = await openSessionKey(tenant, name);
  if (key === undefined) throw sessionError('ERR_SESSION_UNKNOWN');
  const header = await options.store.get(name);
  if (header === undefined || header.length < 4 || header.length > 1024) {
    zero(key);
    throw await withoutHeader(common, header);
  }
  const version = new DataView(header.buffer, header.byteOffset).getUint32(0);
  const chain = await chainOf(common, key, version);
  const started = chain.open(header.subarray(4));
  if (started === undefined) throw tampered(0);
  chain.advance(header);
  const digests = [toHex(chain.head)];
  const turns: Turn[] = [];
  for (const sealed of await options.store.list(name)) {
    const plaintext = chain.open(sealed);
    const turn = plaintext && decodeTurn(plaintext);
    if (turn === undefined) throw tampered(turns.length + 1);
    chain.advance(sealed);
    digests.push(toHex(chain.head));
    turns.push(turn);
  }
  const parts = { ...common, chain, startedAt: Number(new TextDecoder().decode(started)), turns };
  await checkHead(parts, digests);
  const memory = createMemory(parts);
  await memory.requireAlive();
  return memory;
}

/** A store forgets by itself what is over: where the ledger says that it is, a missing header is no attack. */
async function withoutHeader({ tenant, name, heads, options }: Common, header: Uint8Array | undefined): Promise<Error> {
  const head = header === undefined ? await heads?.read(name) : undefined;
  if (head === undefined || head.expiresAt > options.clock.now()) return tampered(0);
  await destroySessionKey(tenant, name);
  heads?.forget(name);
  return sessionError('ERR_SESSION_EXPIRED');
}

/**
 * A turn beyond the ledger's head is one that was stored when its writer ended: it opened in its place, so it is ours, and
 * becomes the head. Anything else was cut off, or is another past.
 */
async function checkHead(parts: MemoryParts, digests: readonly string[]): Promise<void> {
  const { heads, name, chain } = parts;
  if (heads === undefined) return;
  const known = (await heads.read(name)) ?? { length: 0, digest: undefined };
  const missed = digests.length - known.length;
  const agrees = known.length === 0 || digests[known.length - 1] === known.digest;
  if (!agrees || missed < 0 || missed > 1) throw sessionError('ERR_SESSION_MEMORY_ROLLED_BACK');
  if (missed === 1)
    await heads.write(name, { length: chain.length, digest: toHex(chain.head), expiresAt: expiryOf(parts) });
}

async function chainOf({ tenant, session, options }: Common, key: Uint8Array, version: number): Promise<TurnChain> {
  const { issuer, tenant: organisation, subject } = tenantClaims(tenant);
  const memoryKey = await deriveSubkey(tenant, 'memory', { collection: 'sessions', version });
  const place = { issuer, tenant: organisation, subject, session, policy: options.policy };
  const chain = await createTurnChain({ session: key, tenant: memoryKey }, place);
  zero(key);
  zero(memoryKey);
  return chain;
}

function tampered(turn: number): Error {
  return sessionError('ERR_SESSION_MEMORY_TAMPERED', { detail: { turn } });
}
