import { type Classification, covers, createMint, highest, type Mint } from '@cloister/core';
import { canonicalValue } from './canonical.ts';
import { redactionError } from '../errors.ts';
import { MOST_FORMS, parseForm, spellToken } from './token.ts';
import type { EntryType } from '../types.ts';
import { createDigestMap, type DigestMap, eraseDigests, findDigest, readWords, setDigest } from './digest-map.ts';
import { ID_LENGTH, isTellable, parseId, readId } from './id.ts';
import { addId, createIdIndex, eraseIds, findId, hasNear, idOf, type IdIndex } from './id-index.ts';
import { createMemory } from './memory.ts';
import { addSource, createSources, eraseSources, type Sources } from './sources.ts';
import {
  addEntry,
  addForm,
  countForms,
  createValues,
  entryOf,
  eraseValues,
  findForm,
  formAt,
  labelOf,
  placeOf,
  readForm,
  setLabel,
  setSource,
  setText,
  sourceOf,
  textOf,
  typeOf,
  type Values,
} from './values.ts';
import { addWritten, createWrittenIndex, eraseWritten, findWritten, type WrittenIndex } from './written-index.ts';
import type { VaultSecret } from './vault-secret.ts';
import type { Vault } from './vault-types.ts';

/** Values one vault holds at most, every spelling counted. */
export const MOST_VALUES = 100_000;

/** What a vault handle stands for. */
export interface VaultState {
  readonly secret: VaultSecret;
  readonly values: Values;
  readonly sources: Sources;
  /** Entries by the digest of type and canonical value: the canonical value itself is not kept. */
  readonly byDigest: DigestMap;
  readonly ids: IdIndex;
  readonly written: WrittenIndex;
  /** By the short hash of a surname: the entry of the one person who has it, or {@link SEVERAL}. */
  readonly surnames: DigestMap;
  /** Texts that were masked so far. */
  texts: number;
  closed: boolean;
}

/** One occurrence to put away. */
export interface VaultItem {
  readonly type: EntryType;
  /** Exactly as written; says which entry is meant once the vault has seen it for this type. */
  readonly written: string;
  /** The value without spelling; made of `written` unless given. */
  readonly canonical?: string | undefined;
  readonly label: Classification | undefined;
  readonly source: string | undefined;
}

/** The registry of vault handles: what is not in it is no vault. */
export const vaults: Mint<Vault, VaultState> = createMint<Vault, VaultState>();

/** A state that holds nothing. */
export function createVaultState(secret: VaultSecret): VaultState {
  const memory = createMemory();
  return {
    secret,
    values: createValues(memory),
    sources: createSources(memory),
    byDigest: createDigestMap(memory),
    ids: createIdIndex(memory),
    written: createWrittenIndex(memory),
    surnames: createDigestMap(memory),
    texts: 0,
    closed: false,
  };
}

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

/** The form of a spelling that needs no second look: it means the same entry for ever, or did so in this text; -1 when there is none. */
function findSpelling(state: VaultState, type: EntryType, written: string): number {
  const form = findWritten(state.written, state.values, type, written);
  if (form < 0) return -1;
  const text = textOf(state.values, form);
  return text === 0 || text === state.texts ? form : -1;
}

/**
 * Puts one occurrence away and gives its form: one entry per type and canonical value, one form per spelling.
 * @throws CloisterError ERR_REDACTION_VAULT_FULL
 */
export function putAway(state: VaultState, item: VaultItem): number {
  const seen = putSeen(state, item);
  return seen < 0 ? putNew(state, item, item.canonical ?? canonicalValue(item.type, item.written)) : seen;
}

/** The form of an occurrence whose spelling needs no second look; -1 when it does. */
export function putSeen(state: VaultState, item: VaultItem): number {
  const form = findSpelling(state, item.type, item.written);
  if (form >= 0) noteOrigin(state, entryOf(state.values, form), item);
  return form;
}

/**
 * Puts an occurrence under its canonical value and gives its form.
 * @param text the number of the text when the spelling must be judged anew in the next one
 */
export function putNew(state: VaultState, item: VaultItem, canonical: string, text = 0): number {
  const form = putForm(state, item, findEntry(state, item.type, canonical), text);
  // Beyond 26 spellings a value gets a further entry per spelling: exactness first, the common id second.
  return form < 0 ? putNew(state, item, `${canonical}\0${item.written}`, text) : form;
}

/** The form of an entry in this spelling; -1 when the entry has no room for another one. */
export function putForm(state: VaultState, item: VaultItem, entry: number, text = 0): number {
  const { values } = state;
  let form = findForm(values, entry, item.written);
  if (form < 0) {
    if (countForms(values, entry) >= MOST_FORMS) return -1;
    checkRoom(state);
    if (countForms(values, entry) === 0) setLabel(values, entry, item.label);
    form = addForm(values, entry, item.written);
  }
  noteOrigin(state, entry, item);
  setText(values, form, text);
  addWritten(state.written, values, form, item.type, item.written);
  return form;
}

/** The token of a form. */
export function tokenOf({ values, ids }: VaultState, form: number): string {
  const entry = entryOf(values, form);
  return spellToken(typeOf(values, entry), placeOf(values, form), idOf(ids, entry));
}

const words = new Int32Array(2);

/** The entry of a value; -1 when there is none. */
export function seekEntry(state: VaultState, type: EntryType, canonical: string): number {
  return findDigest(state.byDigest, readWords(state.secret.digest(type, canonical), words));
}

/** The entry of a value, made when there is none. Who makes one puts a form into it. */
export function findEntry(state: VaultState, type: EntryType, canonical: string): number {
  const digest = state.secret.digest(type, canonical);
  readWords(digest, words);
  const known = findDigest(state.byDigest, words);
  if (known >= 0) return known;
  checkRoom(state);
  const entry = addEntry(state.values, type);
  setDigest(state.byDigest, words, entry);
  let id = readId(digest, 0);
  // A digest has more bits than one id, and the next attempt's digest begins where they end.
  for (let at = ID_LENGTH, attempt = 0; !isTellable(id) || hasNear(state.ids, id); at += ID_LENGTH) {
    if (at + ID_LENGTH > digest.length) {
      state.secret.digest(type, canonical, ++attempt);
      at = 0;
    }
    id = readId(digest, at);
  }
  addId(state.ids, id);
  return entry;
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
  { ids, values }: VaultState,
  word: string,
  id: string,
  clearance: Classification | undefined,
): TokenReading {
  const entry = findId(ids, parseId(id));
  const place = entry < 0 ? undefined : parseForm(typeOf(values, entry), word);
  const form = place === undefined ? -1 : formAt(values, entry, place);
  if (form < 0) return { kind: 'unknown' };
  return mayRead(labelOf(values, entry), clearance)
    ? { kind: 'value', written: readForm(values, form) }
    : { kind: 'withheld' };
}

/** Overwrites key and values and forgets them. */
export function eraseVault(state: VaultState): void {
  state.secret.erase();
  eraseValues(state.values);
  eraseSources(state.sources);
  eraseDigests(state.byDigest);
  eraseIds(state.ids);
  eraseWritten(state.written);
  eraseDigests(state.surnames);
  state.closed = true;
}

function mayRead(label: Classification | undefined, clearance: Classification | undefined): boolean {
  if (label === undefined) return clearance === undefined || clearance === 'restricted';
  return clearance !== undefined && covers(clearance, label);
}

function noteOrigin({ values, sources }: VaultState, entry: number, { label, source }: VaultItem): void {
  if (source !== undefined) setSource(values, entry, addSource(sources, sourceOf(values, entry), source));
  const before = labelOf(values, entry);
  // A value of known and of unknown sensitivity counts as the highest: nothing says that the unknown source was lower.
  if (before !== label) setLabel(values, entry, highest([before ?? 'restricted', label ?? 'restricted']));
}

function checkRoom({ values }: VaultState): void {
  if (values.forms.count >= MOST_VALUES)
    throw redactionError('ERR_REDACTION_VAULT_FULL', { detail: { limit: MOST_VALUES } });
}
