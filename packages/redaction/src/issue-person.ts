import { hmacSha256, lengthPrefixed, toHex } from '@cloister/core';
import { canonicalValue } from './canonical.ts';
import { digestOf, issueToken, putForm, type VaultItem, type VaultState } from './vault-state.ts';

const SUFFIXES = /(?:[ ,]+(?:jr|sr|ii|iii|iv|md|phd|esq)\.?)+$/;

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
  const name = canonicalPerson(written);
  const surname = surnameIn(name);
  if (surname === undefined) return;
  const [alias, owner] = [aliasOf(state, surname), digestOf(state, 'PERSON', canonical ?? name)];
  const known = state.surnames.get(alias);
  if (known !== owner) state.surnames.set(alias, known === undefined ? owner : null);
}

/**
 * The token of a person. A surname alone shares the id of the one person of the vault who has it; when it came first, or when
 * two people have it, it has an id of its own. A spelling of one word is therefore judged anew each time.
 */
export function issuePerson(state: VaultState, item: VaultItem, canonical: string | undefined): string {
  const name = canonicalPerson(item.written);
  if (surnameIn(name) !== undefined) return issueToken(state, { ...item, canonical: () => canonical ?? name });
  const owner = state.surnames.get(aliasOf(state, name));
  const isOwn = state.byDigest.has(digestOf(state, 'PERSON', name));
  const entry = isOwn || owner === undefined || owner === null ? undefined : state.byDigest.get(owner);
  const alone = { ...item, canonical: () => (owner === undefined ? (canonical ?? name) : name), isFixed: false };
  return (entry === undefined ? undefined : putForm(state, alone, entry)) ?? issueToken(state, alone);
}

function surnameIn(name: string): string | undefined {
  const words = name.split(' ');
  return words.length > 1 ? words.at(-1) : undefined;
}

function aliasOf(state: VaultState, surname: string): string {
  return toHex(hmacSha256(state.key, lengthPrefixed('surname', surname)));
}
