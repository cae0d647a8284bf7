import { CLASSIFICATIONS, type Classification } from '@cloister/core';
import { DETECTION_TYPES, type EntryType, LITERAL } from '../types.ts';
import type { Memory } from './memory.ts';
import { addRow, createRows, eraseRows, getCell, type Rows, setCell } from './rows.ts';
import { addText, createUnits, eraseUnits, holdsText, readText, type Units } from './units.ts';

/**
 * The values of a vault as numbers and code units. An entry is one value, a form is one way in which it was written; both are known
 * by their number, in the order in which they came.
 */
export interface Values {
  readonly entries: Rows;
  readonly forms: Rows;
  readonly units: Units;
}

// Of an entry: its type, its label, its first and its last form plus one, the last link of its sources plus one.
const [TYPE, LABEL, FIRST, LAST, SOURCE] = [0, 1, 2, 3, 4] as const;
// Of a form: where its code units end, the entry, which form of it, its next one, and the text for which it is meant.
const [END, ENTRY, PLACE, NEXT, TEXT] = [0, 1, 2, 3, 4] as const;

const LABELS: readonly (Classification | undefined)[] = [undefined, ...CLASSIFICATIONS];
const TYPES: readonly EntryType[] = [...DETECTION_TYPES, LITERAL];
const NUMBERS: ReadonlyMap<EntryType, number> = new Map(TYPES.map((type, number) => [type, number]));

/** No values yet. */
export function createValues(memory: Memory): Values {
  return { entries: createRows(5, memory), forms: createRows(5, memory), units: createUnits(memory) };
}

/** Adds a value without forms and gives its entry. */
export function addEntry({ entries }: Values, type: EntryType): number {
  const entry = addRow(entries);
  setCell(entries, entry, TYPE, NUMBERS.get(type) as number);
  return entry;
}

/** Adds a form to an entry and gives its number. */
export function addForm({ entries, forms, units }: Values, entry: number, written: string): number {
  addText(units, written);
  const form = addRow(forms);
  const last = getCell(entries, entry, LAST) - 1;
  setCell(forms, form, END, units.length);
  setCell(forms, form, ENTRY, entry);
  setCell(forms, form, PLACE, last < 0 ? 0 : getCell(forms, last, PLACE) + 1);
  if (last < 0) setCell(entries, entry, FIRST, form + 1);
  else setCell(forms, last, NEXT, form + 1);
  setCell(entries, entry, LAST, form + 1);
  return form;
}

/** The type of an entry. */
export function typeOf({ entries }: Values, entry: number): EntryType {
  return TYPES[getCell(entries, entry, TYPE)] as EntryType;
}

/** The highest label of an entry's sources; `undefined` while none had one. */
export function labelOf({ entries }: Values, entry: number): Classification | undefined {
  return LABELS[getCell(entries, entry, LABEL)];
}

/** Changes the label of an entry. */
export function setLabel({ entries }: Values, entry: number, label: Classification | undefined): void {
  setCell(entries, entry, LABEL, LABELS.indexOf(label));
}

/** The last link of the sources of an entry; -1 when there is none. */
export function sourceOf({ entries }: Values, entry: number): number {
  return getCell(entries, entry, SOURCE) - 1;
}

/** Changes what {@link sourceOf} gives. */
export function setSource({ entries }: Values, entry: number, link: number): void {
  setCell(entries, entry, SOURCE, link + 1);
}

/** How many forms an entry has. */
export function countForms({ entries, forms }: Values, entry: number): number {
  const last = getCell(entries, entry, LAST) - 1;
  return last < 0 ? 0 : getCell(forms, last, PLACE) + 1;
}

/** The form of an entry that is written like this; -1 when there is none. */
export function findForm(values: Values, entry: number, text: string): number {
  let form = getCell(values.entries, entry, FIRST) - 1;
  while (form >= 0 && !isWritten(values, form, text)) form = getCell(values.forms, form, NEXT) - 1;
  return form;
}

/** The form at a place among those of its entry; -1 when there are fewer. */
export function formAt({ entries, forms }: Values, entry: number, place: number): number {
  let form = getCell(entries, entry, FIRST) - 1;
  for (let at = 0; at < place && form >= 0; at++) form = getCell(forms, form, NEXT) - 1;
  return form;
}

/** The entry of a form. */
export function entryOf({ forms }: Values, form: number): number {
  return getCell(forms, form, ENTRY);
}

/** Which of its entry's forms a form is, from zero. */
export function placeOf({ forms }: Values, form: number): number {
  return getCell(forms, form, PLACE);
}

/** The number of the one text in which the spelling means this entry; zero when it does for ever. */
export function textOf({ forms }: Values, form: number): number {
  return getCell(forms, form, TEXT);
}

/** Changes what {@link textOf} gives. */
export function setText({ forms }: Values, form: number, text: number): void {
  setCell(forms, form, TEXT, text);
}

/** Whether a form is written like this. */
export function isWritten({ forms, units }: Values, form: number, text: string): boolean {
  return holdsText(units, startOf(forms, form), getCell(forms, form, END), text);
}

/** How a form is written. */
export function readForm({ forms, units }: Values, form: number): string {
  return readText(units, startOf(forms, form), getCell(forms, form, END));
}

/** Overwrites and forgets everything. */
export function eraseValues({ entries, forms, units }: Values): void {
  eraseRows(entries);
  eraseRows(forms);
  eraseUnits(units);
}

function startOf(forms: Rows, form: number): number {
  return form === 0 ? 0 : getCell(forms, form - 1, END);
}
