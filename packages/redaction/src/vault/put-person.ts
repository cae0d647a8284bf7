import { canonicalValue } from './canonical.ts';
import { findDigest, setDigest } from './digest-map.ts';
import {
  findEntry,
  putAway,
  putForm,
  putNew,
  putSeen,
  seekEntry,
  type VaultItem,
  type VaultState,
} from './vault-state.ts';

/** Stands for the entry of a surname that two people have. */
const SEVERAL = 0x7ffffffe;
const ONE_WORD = /^[A-Za-z'-]+$/;
const SUFFIX = 'jr|sr|ii|iii|iv|md|phd|esq';
const SUFFIXES = new RegExp(`(?:[ ,]{1,4}(?:${SUFFIX})\\.?){1,4}$`);
const SUFFIX_WORDS: ReadonlySet<string> = new Set(SUFFIX.split('|').flatMap((word) => [word, `${word}.`]));

/**
 * Puts a full name away with the surname that it brings along: all names of a text first, because a surname above belongs to the
 * person below. A surname that a second person brings names nobody any more. Gives the form; -1 for what is no full name.
 */
export function notePerson(state: VaultState, item: VaultItem): number {
  // One word is no full name.
  if (ONE_WORD.test(item.written)) return -1;
  // A spelling that the vault has was noted when it came.
  const seen = putSeen(state, item);
  if (seen >= 0) return seen;
  const name = canonicalPerson(item.written);
  const surname = surnameIn(name);
  if (surname === undefined) return -1;
  const canonical = item.canonical ?? name;
  const person = findEntry(state, 'PERSON', canonical);
  const form = putForm(state, item, person);
  const hash = state.secret.shortHash(surname);
  const owner = findDigest(state.surnames, hash);
  if (owner !== person) setDigest(state.surnames, hash, owner < 0 ? person : SEVERAL);
  return form < 0 ? putNew(state, item, canonical) : form;
}

/**
 * Puts a person away and gives the form. A surname alone shares the entry of the one person of the vault who has it; when it came
 * first, or when two people have it, it has an entry of its own. A spelling of one word is therefore judged anew in each text.
 */
export function putPerson(state: VaultState, item: VaultItem): number {
  const seen = putSeen(state, item);
  if (seen >= 0) return seen;
  const name = canonicalPerson(item.written);
  return surnameIn(name) === undefined
    ? putLoneName(state, item, name)
    : putAway(state, { ...item, canonical: item.canonical ?? name });
}

function putLoneName(state: VaultState, item: VaultItem, name: string): number {
  const { canonical } = item;
  const shared = `shared ${name}`;
  const owner = state.surnames.count === 0 ? -1 : findDigest(state.surnames, state.secret.shortHash(name));
  // The dictionary of a tenant knows whose surname it is, unless the vault has met somebody else who has it.
  const isDisputed = owner >= 0 && (canonical === undefined || seekEntry(state, 'PERSON', canonical) !== owner);
  const isOwned = owner >= 0 && owner !== SEVERAL && canonical === undefined && seekEntry(state, 'PERSON', shared) < 0;
  const form = isOwned ? putForm(state, item, owner, state.texts) : -1;
  return form < 0 ? putNew(state, item, isDisputed ? shared : (canonical ?? shared), state.texts) : form;
}

/** A name without spelling: `KOWALSKI, Maria` and `Maria Kowalski` are one. */
function canonicalPerson(written: string): string {
  const name = canonicalValue('PERSON', written);
  // Most names have neither a suffix nor a comma.
  if (!/[ ,]/.test(name)) return name;
  const last = name.slice(Math.max(name.lastIndexOf(' '), name.lastIndexOf(',')) + 1);
  const bare = SUFFIX_WORDS.has(last) ? name.replace(SUFFIXES, '') : name;
  if (!bare.includes(',')) return bare;
  const [family = '', given = '', ...rest] = bare.split(/ ?, ?/);
  return given === '' || rest.length > 0 ? bare : `${given} ${family}`;
}

function surnameIn(name: string): string | undefined {
  const space = name.lastIndexOf(' ');
  return space < 0 ? undefined : name.slice(space + 1);
}
