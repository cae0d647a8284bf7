import { isCloisterError, utf8 } from '@cloister/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanJsonObject } from './scan-json-object.ts';
import { spliceJson } from './splice-json.ts';

const objects = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'grapheme' }), {
  noNullPrototype: true,
});
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

describe('the scanner and the splicer, against JSON.parse', () => {
  it('see the same members', () => {
    fc.assert(
      fc.property(objects, fc.constantFrom(undefined, 1, '\t'), (object, indent) => {
        const bytes = utf8(JSON.stringify(object, undefined, indent));
        const { members } = scanJsonObject(bytes);
        const read = Object.fromEntries(
          [...members].map(([name, { start, end }]) => [name, JSON.parse(text(bytes.subarray(start, end)))]),
        );
        expect(read).toEqual(JSON.parse(text(bytes)));
      }),
    );
  });

  it('set members and leave all else alone', () => {
    fc.assert(
      fc.property(
        objects,
        fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3, noNullPrototype: true }),
        (object, set) => {
          const bytes = utf8(JSON.stringify(object));
          const edits = new Map(Object.entries(set).map(([name, value]) => [name, JSON.stringify(value)]));
          const spliced = JSON.parse(text(spliceJson(bytes, scanJsonObject(bytes), edits))) as object;
          expect(spliced).toEqual(JSON.parse(JSON.stringify({ ...object, ...set })));
        },
      ),
    );
  });

  it('accept nothing that JSON.parse refuses', () => {
    const noise = fc.tuple(objects, fc.nat(), fc.string({ minLength: 0, maxLength: 3 })).map(([object, at, insert]) => {
      const json = JSON.stringify(object);
      const place = at % (json.length + 1);
      return json.slice(0, place) + insert + json.slice(place + (at % 3));
    });
    fc.assert(
      fc.property(fc.oneof(noise, fc.string()), (json) => {
        const bytes = utf8(json);
        try {
          scanJsonObject(bytes);
        } catch (error) {
          expect(isCloisterError(error)).toBe(true);
          return;
        }
        expect(typeof JSON.parse(text(bytes))).toBe('object');
      }),
      { numRuns: 500 },
    );
  });

  it('throw nothing but errors of ours on arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          scanJsonObject(bytes);
        } catch (error) {
          expect(isCloisterError(error)).toBe(true);
        }
      }),
    );
  });
});
