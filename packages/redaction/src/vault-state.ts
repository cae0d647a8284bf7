import { type Classification, covers, createMint, highest, type Mint } from '@cloister/core';
import { equalsCodeUnits, fromCodeUnits, toCodeUnits } from './code-units.ts';
import { redactionError } from './errors.ts';
import type { IdIndex } from './id-index.ts';
import { isTellable, MOST_FORMS, parseForm, spellId, spellToken } from './token.ts';
import type { EntryType } from './types.ts';
import type { VaultEntry } from './vault-entry.ts';
import { nameOf, type VaultSecret } from './vault-secret.ts';
import type { Vault } from './vault-types.ts';
import type { WrittenIndex } from './written-index.ts';

/** Values one vault holds at most. */
export const MOST_VALUES = 100_000;
const MOST_SOURCES = 64;

/** What a vault handle stands for. */
export interface VaultState {
  readonly secret: VaultSecret;
  /** By the name of type and canonical value under the secret: the canonical value itself is not kept. */
  readonly byDigest: Map<string, VaultEntry>;
  readonly byId: Map<string, VaultEntry>;
  readonly ids: IdIndex;
  readonly written: WrittenIndex;
  /** By the name of a surname under the secret: the id of the one person who has it, or `null` when several have. */
  readonly surnames: Map<string, string | null>;
  values: number;
  closed: boolean;
}

/** One occurrence to put away. */
export interface VaultItem {
  readonly type: EntryType;
  /** Gives the value without spelling; asked only for a spelling that is new. */
  readonly canonical: () => string;
  /** Exactly as written; says which entry is meant once the vault has seen it for this type. */
  readonly written: string;
  readonly label: Classification | undefined;
  readonly source: string | undefined;
  /** Whether the spelling means the same entry for ever; it does unless `false`. */
  readonly isFixed?: boolean;
}

/** The registry of vault handles: what is not in it is no vault. */
export const vaults: Mint<Vault, VaultState> = createMint<Vault, VaultState>();

/**
 * The open state behind a vault handle.
 * @throws CloisterError ERR_REDACTION_NOT_A_VAULT or ERR_REDACTION_VAULT_CLOSED
 */
export function openVault(vault: Vault): VaultState {
  const state = vaults.resolve(vault);
  if (state === undefined) throw redactionError('ERR_REDACTION_NOT_A_VAULT');
  if (state.closed) throw redactionError('ERR_REDACTION_VAULT_CLOSED');
  return state;
}

/**
 * Puts one occurrence away and gives its token: one id per type and canonical value, one form per spelling.
 * @throws CloisterError ERR_REDACTION_VAULT_FULL
 */
export function issueToken(state: VaultState, item: VaultItem): string {
  const seen = item.isFixed === false ? undefined : state.written.find(item.type, item.written);
  if (seen !== undefined) {
    raiseLabel(seen.entry, item, false);
    return spellToken(seen.entry.type, seen.form, seen.entry.id);
  }
  return issueNew(state, item, item.canonical());
}

function issueNew(state: VaultState, item: VaultItem, canonical: string): string {
  const token = putForm(state, item, findEntry(state, item.type, canonical));
  // Beyond 26 spellings a value gets a further entry per spelling: exactness first, the common id second.
  return token ?? issueNew(state, item, `${canonical}\0${item.written}`);
}

/** The token of an entry in this spelling; `undefined` when it has no room for another one. */
export function putForm(state: VaultState, item: VaultItem, entry: VaultEntry): string | undefined {
  const known = entry.forms.findIndex((units) => equalsCodeUnits(units, item.written));
  if (known < 0 && entry.forms.length >= MOST_FORMS) return undefined;
  const fresh = entry.forms.length === 0;
  const form = known < 0 ? addForm(state, entry, item.written) : known;
  raiseLabel(entry, item, fresh);
  if (item.isFixed !== false) state.written.add(item.written, { entry, form });
  return spellToken(entry.type, form, entry.id);
}

/** What a look-up of a token gave: the value, a refusal, or nothing because the vault never issued it. */
export type TokenReading =
  | { readonly kind: 'value'; readonly written: string }
  | { readonly kind: 'withheld' | 'unknown' };

/**
 * What a token stands for, when the recipient may see it. Without a label an entry opens only to a caller who names no
 * clearance or the highest; with a label only to a clearance that covers it, and to nobody who names none.
 */
export function readToken(
  state: VaultState,
  word: string,
  id: string,
  clearance: Classification | undefined,
): TokenReading {
  const entry = state.byId.get(id);
  const form = entry === undefined ? undefined : parseForm(entry.type, word);
  const units = form === undefined ? undefined : entry?.forms[form];
  if (entry === undefined || units === undefined) return { kind: 'unknown' };
  return mayRead(entry, clearance) ? { kind: 'value', written: fromCodeUnits(units) } : { kind: 'withheld' };
}

/** Overwrites key and values and forgets them. */
export function eraseVault(state: VaultState): void {
  state.secret.erase();
  for (const entry of state.byId.values()) for (const units of entry.forms) units.fill(0);
  state.written.clear();
  state.byDigest.clear();
  state.surnames.clear();
  state.byId.clear();
  state.closed = true;
}

function mayRead(entry: VaultEntry, clearance: Classification | undefined): boolean {
  if (entry.label === undefined) return clearance === undefined || clearance === 'restricted';
  return clearance !== undefined && covers(clearance, entry.label);
}

function raiseLabel(entry: VaultEntry, item: VaultItem, fresh: boolean): void {
  if (item.source !== undefined) {
    entry.sources ??= new Set();
    if (entry.sources.size < MOST_SOURCES) entry.sources.add(item.source);
  }
  if (fresh) entry.label = item.label;
  // A value of known and of unknown sensitivity counts as the highest: nothing says that the unknown source was lower.
  else if (entry.label !== item.label) entry.label = highest([entry.label ?? 'restricted', item.label ?? 'restricted']);
}

/** The entry of a value, made when there is none. */
export function findEntry(state: VaultState, type: EntryType, canonical: string): VaultEntry {
  const digest = state.secret.digest(type, canonical);
  const name = nameOf(digest);
  const known = state.byDigest.get(name);
  if (known !== undefined) return known;
  if (state.values >= MOST_VALUES) throw full();
  const entry: VaultEntry = { type, id: mintId(state, type, canonical, digest), label: undefined, forms: [] };
  state.byDigest.set(name, entry);
  state.byId.set(entry.id, entry);
  state.ids.add(entry.id);
  return entry;
}

function mintId(state: VaultState, type: EntryType, canonical: string, digest: Uint8Array): string {
  let id = spellId(digest);
  for (let attempt = 1; !isTellable(id) || state.ids.hasNear(id); attempt++)
    id = spellId(state.secret.digest(type, canonical, attempt));
  return id;
}

function addForm(state: VaultState, entry: VaultEntry, written: string): number {
  if (state.values >= MOST_VALUES) throw full();
  entry.forms.push(toCodeUnits(written));
  state.values++;
  return entry.forms.length - 1;
}

function full(): Error {
  return redactionError('ERR_REDACTION_VAULT_FULL', { detail: { limit: MOST_VALUES } });
}
