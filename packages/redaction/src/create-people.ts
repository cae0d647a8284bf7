import { canonicalValue } from './canonical.ts';
import type { VaultEntry } from './vault-entry.ts';
import { nameOf } from './vault-secret.ts';
import { findEntry, issueToken, putForm, type VaultItem, type VaultState } from './vault-state.ts';

/** What a surname is called among the names of a vault: no type of an entry. */
const SURNAME = 'surname';
const SUFFIXES = /(?:[ ,]{1,4}(?:jr|sr|ii|iii|iv|md|phd|esq)\.?){1,4}$/;

/** The people of one text on their way into a vault. */
export interface People {
  /**
   * Remembers whose surname a full name brings along: all names of a text first, because a surname above belongs to the person
   * below. A surname that a second person brings names nobody any more.
   * @param canonical what the detector knows the person by; the name itself unless given
   */
  note(written: string, canonical: string | undefined): void;
  /**
   * The token of a person. A surname alone shares the id of the one person of the vault who has it; when it came first, or when
   * two people have it, it has an id of its own. A spelling of one word is therefore judged anew in each text.
   */
  issue(item: VaultItem, canonical: string | undefined): string;
}

/** A name that this text has had, and what became of it. */
interface Seen {
  readonly canonical: string | undefined;
  /** Without spelling. */
  readonly name: string;
  /** Of a full name. */
  entry?: VaultEntry;
  token?: string;
}

/** For one text: a name that it repeats costs no keyed hash. */
export function createPeople(state: VaultState): People {
  const seen = new Map<string, Seen>();
  const read = (written: string, canonical: string | undefined): Seen => {
    const known = seen.get(written);
    if (known !== undefined && known.canonical === canonical) return known;
    const fresh: Seen = { canonical, name: canonicalPerson(written) };
    seen.set(written, fresh);
    return fresh;
  };
  return {
    note(written, canonical) {
      // A spelling that the vault has was noted when it came.
      if (state.written.find('PERSON', written) !== undefined) return;
      const person = read(written, canonical);
      const surname = surnameIn(person.name);
      if (surname === undefined || person.entry !== undefined) return;
      person.entry = findEntry(state, 'PERSON', canonical ?? person.name);
      noteSurname(state, surname, person.entry.id);
    },
    issue(item, canonical) {
      const person = read(item.written, canonical);
      return (person.token ??= issuePerson(state, item, person));
    },
  };
}

function noteSurname(state: VaultState, surname: string, id: string): void {
  const alias = nameOf(state.secret.digest(SURNAME, surname));
  const known = state.surnames.get(alias);
  if (known !== id) state.surnames.set(alias, known === undefined ? id : null);
}

function issuePerson(state: VaultState, item: VaultItem, { name, canonical, entry }: Seen): string {
  if (surnameIn(name) !== undefined) {
    const full = { ...item, canonical: () => canonical ?? name };
    return (entry === undefined ? undefined : putForm(state, full, entry)) ?? issueToken(state, full);
  }
  const shared = `shared ${name}`;
  const hasOwners = state.surnames.size > 0;
  const owner = hasOwners ? state.surnames.get(nameOf(state.secret.digest(SURNAME, name))) : undefined;
  // The dictionary of a tenant knows whose surname it is, unless the vault has met somebody else who has it.
  const isDisputed = owner !== undefined && (canonical === undefined || find(state, canonical)?.id !== owner);
  const isOwned = typeof owner === 'string' && canonical === undefined && find(state, shared) === undefined;
  const alone = isDisputed ? shared : (canonical ?? shared);
  const fleeting = { ...item, isFixed: false, canonical: () => alone };
  const person = isOwned ? state.byId.get(owner) : undefined;
  return (person === undefined ? undefined : putForm(state, fleeting, person)) ?? issueToken(state, fleeting);
}

function find(state: VaultState, name: string): VaultEntry | undefined {
  return state.byDigest.get(nameOf(state.secret.digest('PERSON', name)));
}

/** A name without spelling: `KOWALSKI, Maria` and `Maria Kowalski` are one. */
function canonicalPerson(written: string): string {
  const name = canonicalValue('PERSON', written).replace(SUFFIXES, '');
  const [family = '', given = '', ...rest] = name.split(/ ?, ?/);
  return given === '' || rest.length > 0 ? name : `${given} ${family}`;
}

function surnameIn(name: string): string | undefined {
  const words = name.split(' ');
  return words.length > 1 ? words.at(-1) : undefined;
}
