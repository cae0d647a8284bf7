import { hmacSha256, lengthPrefixed, toHex } from '@cloister/core';
import { canonicalValue } from './canonical.ts';
import { digestOf, findEntry, issueToken, putForm, type VaultItem, type VaultState } from './vault-state.ts';
import type { VaultEntry } from './vault-entry.ts';

const SUFFIXES = /(?:[ ,]{1,4}(?:jr|sr|ii|iii|iv|md|phd|esq)\.?){1,4}$/;

/** A name without spelling: `KOWALSKI, Maria` and `Maria Kowalski` are one. */
export function canonicalPerson(written: string): string {
  const name = canonicalValue('PERSON', written).replace(SUFFIXES, '');
  const [family = '', given = '', ...rest] = name.split(/ ?, ?/);
  return given === '' || rest.length > 0 ? name : `${given} ${family}`;
}

/**
 * Remembers whose surname a full name brings along. A surname that a second person brings names nobody any more.
 * @param canonical what the detector knows the person by; the name itself unless given
 */
export function noteSurname(state: VaultState, written: string, canonical: string | undefined): void {
  // A spelling that the vault has was noted when it came.
  if (state.written.find('PERSON', written) !== undefined) return;
  const name = canonicalPerson(written);
  const surname = surnameIn(name);
  if (surname === undefined) return;
  const alias = aliasOf(state, surname);
  const known = state.surnames.get(alias);
  const { id } = findEntry(state, 'PERSON', canonical ?? name);
  if (known !== id) state.surnames.set(alias, known === undefined ? id : null);
}

/**
 * The token of a person. A surname alone shares the id of the one person of the vault who has it; when it came first, or when
 * two people have it, it has an id of its own. A spelling of one word is therefore judged anew each time.
 */
export function issuePerson(state: VaultState, item: VaultItem, canonical: string | undefined): string {
  const name = canonicalPerson(item.written);
  if (surnameIn(name) !== undefined) return issueToken(state, { ...item, canonical: () => canonical ?? name });
  const owner = state.surnames.get(aliasOf(state, name));
  const shared = `shared ${name}`;
  const entryOf = (value: string): VaultEntry | undefined => state.byDigest.get(digestOf(state, 'PERSON', value));
  // The dictionary of a tenant knows whose surname it is, unless the vault has met somebody else who has it.
  const isDisputed = owner !== undefined && (canonical === undefined || entryOf(canonical)?.id !== owner);
  const person = canonical === undefined && entryOf(shared) === undefined ? state.byId.get(owner ?? '') : undefined;
  const alone = { ...item, isFixed: false, canonical: () => (isDisputed ? shared : (canonical ?? shared)) };
  return (person === undefined ? undefined : putForm(state, alone, person)) ?? issueToken(state, alone);
}

function surnameIn(name: string): string | undefined {
  const words = name.split(' ');
  return words.length > 1 ? words.at(-1) : undefined;
}

function aliasOf(state: VaultState, surname: string): string {
  return toHex(hmacSha256(state.key, lengthPrefixed('surname', surname)));
}
