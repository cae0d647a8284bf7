import { redactionError } from '../errors.ts';
import { fold } from '../folded-view.ts';
import { splitWords, type Word } from './name-words.ts';
import { MOST_WORDS, plant, type WordTree } from './word-tree.ts';

/** What a path of words stands for. */
export interface NameHit {
  /** Who is meant; `undefined` when two people share the alias. */
  readonly person: string | undefined;
  /** Full names count in any case; a part of a name only with a capital letter. */
  readonly whole: boolean;
}

const MOST_NAMES = 100_000;
const LONGEST_NAME = 200;

/**
 * The tree of a tenant's names: the full name, "Surname, Given", initial and surname, surname, given name.
 * @throws CloisterError ERR_REDACTION_NAME
 */
export function createNameIndex(names: readonly string[]): WordTree<NameHit> {
  if (names.length > MOST_NAMES)
    throw redactionError('ERR_REDACTION_NAME', { detail: { limit: MOST_NAMES, names: names.length } });
  const root: WordTree<NameHit> = {};
  names.forEach((name, position) => addName(root, name, position));
  return root;
}

function addName(root: WordTree<NameHit>, name: string, position: number): void {
  if (typeof name !== 'string' || name.length > LONGEST_NAME)
    throw redactionError('ERR_REDACTION_NAME', { detail: { position } });
  const folded = fold(name).trim();
  const words = splitWords(folded);
  if (words.length === 0 || words.length > MOST_WORDS || folded.length < 2)
    throw redactionError('ERR_REDACTION_NAME', { detail: { position } });
  const person = words.map((word) => word.key).join(' ');
  const given = words.slice(0, wordsOfFirstPart(folded, words));
  const surname = words.slice(words.length - wordsOfLastPart(folded, words));
  add(root, words, { person, whole: true });
  if (words.length === surname.length) return;
  add(root, [...surname, ...words.slice(0, -surname.length)], { person, whole: true });
  add(root, [initial(given), ...surname], { person, whole: true });
  for (const part of [given, surname]) if (lengthOf(part) > 1) add(root, part, { person, whole: false });
}

function add(root: WordTree<NameHit>, words: readonly Pick<Word, 'key'>[], hit: NameHit): void {
  const node = plant(
    root,
    words.map(({ key }) => key),
  );
  const before = node.hit;
  // A whole name beats a part of another; parts that two people share name neither of them.
  if (before === undefined || (hit.whole && !before.whole)) node.hit = hit;
  else if (before.whole === hit.whole && before.person !== hit.person)
    node.hit = { person: undefined, whole: hit.whole };
}

function wordsOfFirstPart(name: string, words: readonly Word[]): number {
  const end = name.search(/\s/);
  return end < 0 ? words.length : words.filter((word) => word.start < end).length;
}

function wordsOfLastPart(name: string, words: readonly Word[]): number {
  const start = name.length - (/(?:^|\s)(\S+)$/.exec(name)?.[1]?.length ?? 0);
  return words.filter((word) => word.start >= start).length;
}

function initial(given: readonly Word[]): Pick<Word, 'key'> {
  return { key: String.fromCodePoint(given[0]?.key.codePointAt(0) ?? 0) };
}

function lengthOf(words: readonly Word[]): number {
  return words.reduce((sum, word) => sum + word.key.length, 0);
}
