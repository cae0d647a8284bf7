import { canonicalJson, fromUtf8 } from '@cloister/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countOf, readEvent } from './event.ts';

const envelope = { id: '01M8MNG7TYDV7YRTB77XVCFSK9', outcome: 'allow', ts: 1, v: 1 } as const;
const word = fc.stringMatching(/^[A-Za-z0-9._:/@-]{1,128}$/);
const value = fc.oneof(word, fc.maxSafeNat(), fc.boolean());
const members = fc.dictionary(word, fc.oneof(value, fc.dictionary(word, value, { maxKeys: 3 })), { maxKeys: 6 });
const event = fc
  .tuple(members, fc.constantFrom('audit.gap', 'ingest', 'a'))
  .map(([more, type]) => ({ ...more, ...envelope, type }));

const read = (text: string): unknown => readEvent(Buffer.from(text), 7);
const written = (value: object): string => fromUtf8(canonicalJson(value as never));

/** The rule once more, by another way: what was read is written again. */
function isCanonical(text: string): boolean {
  const isWord = (part: unknown): boolean => typeof part === 'string' && /^[A-Za-z0-9._:/@-]{1,128}$/.test(part);
  const isPlain = (part: unknown): boolean => {
    if (typeof part === 'number') return Number.isSafeInteger(part) && part >= 0;
    if (typeof part !== 'object' || part === null) return typeof part === 'boolean' || isWord(part);
    return !Array.isArray(part) && Object.entries(part).every(([name, inner]) => isWord(name) && isPlain(inner));
  };
  try {
    const parsed = JSON.parse(text) as object;
    return (
      isPlain(parsed) &&
      written(parsed) === text &&
      ['type', ...Object.keys(envelope)].every((name) => Object.hasOwn(parsed, name))
    );
  } catch {
    return false;
  }
}

describe('the form of an entry', () => {
  it('is that of canonical JSON', () => {
    fc.assert(
      fc.property(event, (given) => {
        expect(read(written(given))).toMatchObject({ type: given.type });
      }),
    );
  });

  it('is refused where anything is changed, unless the change is canonical too', () => {
    const part = fc.constantFrom(
      ' ',
      '"',
      ',',
      ':',
      '{',
      '}',
      '[]',
      'null',
      '0',
      '-',
      '.',
      'e',
      'a',
      '\\u0061',
      '\u00e9',
      '',
    );
    fc.assert(
      fc.property(event, fc.nat(), fc.nat(2), part, (given, place, cut, put) => {
        const text = written(given);
        const at = place % (text.length + 1);
        const changed = text.slice(0, at) + put + text.slice(at + cut);
        if (isCanonical(changed)) expect(() => read(changed)).not.toThrow();
        else expect(() => read(changed)).toThrow('event 7');
      }),
      { numRuns: 2000 },
    );
  });

  const start = '{"id":"x","outcome":"allow","ts":1,"type":"audit.gap","v":1';
  it.each([
    ['a member twice', `${start},"v":1}`],
    ['no order', '{"id":"x","outcome":"allow","type":"a","ts":1,"v":1}'],
    ['a number with a fraction', `${start},"x":1.0}`],
    ['a leading zero', `${start},"x":01}`],
    ['a number beyond 2^53', `${start},"x":9007199254740993}`],
    ['a sentence', `${start},"x":"a b"}`],
    ['an empty word', `${start},"x":""}`],
    ['a word of 129', `${start},"x":"${'a'.repeat(129)}"}`],
    ['a list', `${start},"x":[]}`],
    ['nothing', ''],
    ['something behind', `${start}}}`],
    ['a member that is missing', '{"id":"x","outcome":"allow","ts":1,"type":"a"}'],
    ['members that are deeper only', '{"a":{"id":"x","outcome":"allow","ts":1,"type":"a","v":1}}'],
    ['a type that is an object', '{"id":"x","outcome":"allow","ts":1,"type":{},"v":1}'],
    ['a type that is a boolean', '{"id":"x","outcome":"allow","ts":1,"type":true,"v":1}'],
  ])('is not %s', (_, text) => {
    expect(() => read(`${start}}`)).not.toThrow();
    expect(() => read(text)).toThrow('event 7');
  });

  it('has whole numbers where the log counts', () => {
    expect(countOf({ type: 'audit.gap', events: 3 }, 'events', 7)).toBe(3);
    for (const events of [undefined, '3', { a: 1 }]) {
      expect(() => countOf({ type: 'audit.gap', events }, 'events', 7)).toThrow('event 7');
    }
  });
});
