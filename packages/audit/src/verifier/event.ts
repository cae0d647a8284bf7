import { refuse } from './fail.ts';

/** An event as far as the verifier looks into it. */
export interface Event {
  readonly type: string;
  readonly [name: string]: unknown;
}

const MEMBERS = ['v', 'id', 'ts', 'outcome', 'type'];

// Nothing in an event is longer than a digest or a registered name, and nothing has a space: sentences do not fit.
const WORD = /^[A-Za-z0-9._:/@-]{1,128}$/;

/** Reads an entry: canonical JSON (RFC 8785) of numbers, booleans and single words. */
export function readEvent(entry: Buffer, index: number): Event {
  const text = entry.toString('latin1');
  let event: Event;
  try {
    event = JSON.parse(text) as Event;
  } catch {
    refuse(`event ${index} is no JSON`);
  }
  if (canonical(event) !== text) refuse(`event ${index} is not canonical or holds what is no word`);
  if (MEMBERS.some((name) => !(name in event))) refuse(`event ${index} lacks a member`);
  return event;
}

/** Members sorted, no spaces, whole numbers; an empty text where something has no place in an event. */
function canonical(value: unknown): string {
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? String(value) : '';
  if (typeof value === 'string') return WORD.test(value) ? `"${value}"` : '';
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return '';
  const members = value as Readonly<Record<string, unknown>>;
  const parts = Object.keys(members)
    .toSorted()
    .map((name) => `${canonical(name)}:${canonical(members[name])}`);
  return `{${parts.join(',')}}`;
}
