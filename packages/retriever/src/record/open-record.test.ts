import { fromUtf8, systemRandom, toHex, utf8 } from '@cloister/core';
import type { StoredPoint } from '@cloister/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { enter } from '../../test/world.ts';
import { openHead, openText, openVector } from './open-record.ts';
import { encodeRecordHead, parseRecordHead } from './record-head.ts';
import { deriveCollectionKeys } from './record-keys.ts';
import { changeAccess, sealRecord } from './seal-record.ts';
import type { PlainRecord } from './seal-record.ts';

const keys = await deriveCollectionKeys(await enter(), 'notes');

function plain(changes: Partial<PlainRecord> = {}): PlainRecord {
  const place = { document: 'note-1', chunk: 0, chunks: 2, version: 5, content: 'ab'.repeat(32), cells: [] };
  const groups = { acl: ['cardiology', 'nursing'], compartments: [], retention: null };
  const access = { label: 'restricted', ...groups } as const;
  return { ...place, ...access, embedder: 'test', text: 'Grüße', values: Float32Array.of(0.6, -0.8), ...changes };
}

const { point } = sealRecord(keys, plain(), systemRandom);
const { point: other } = sealRecord(keys, plain({ chunk: 1, text: 'other' }), systemRandom);

describe('openHead', () => {
  it('opens what was sealed', () => {
    const opened = openHead(keys, point);
    if (typeof opened === 'string') throw new Error(opened);
    expect(opened.head).toMatchObject({ document: 'note-1', chunk: 0, label: 'restricted', version: 5 });
    expect(openText(keys, point, opened.head)).toEqual({ text: 'Grüße' });
    const vector = openVector(keys, point, opened.head) as Uint8Array;
    expect(toHex(vector)).toBe('9a99193fcdcc4cbf');
  });

  it('refuses a flip of any bit of any sealed field', () => {
    const accepted: string[] = [];
    for (const field of ['head', 'payload', 'vector'] as const) {
      for (let bit = 0; bit < point[field].length * 8; bit++) {
        const bytes = point[field].with(bit >> 3, (point[field][bit >> 3] as number) ^ (1 << (bit & 7)));
        if (typeof openHead(keys, { ...point, [field]: bytes }) !== 'string') accepted.push(`${field} ${bit}`);
      }
    }
    expect(accepted).toEqual([]);
  });

  it.each<[string, Partial<StoredPoint>, string]>([
    ['another id', { id: other.id }, 'TAMPERED'],
    ['another partition', { partition: other.id }, 'FOREIGN'],
    ['another document', { document: other.id }, 'TAMPERED'],
    ['the head of a sibling', { head: other.head }, 'TAMPERED'],
    ['the payload of a sibling', { payload: other.payload }, 'TAMPERED'],
    ['the vector of a sibling', { vector: other.vector }, 'TAMPERED'],
    ['payload and vector exchanged', { payload: point.vector, vector: point.payload }, 'TAMPERED'],
    ['no tags', { tags: [] }, 'TAMPERED'],
    ['a tag less', { tags: point.tags.slice(1) }, 'TAMPERED'],
    ['a tag more', { tags: [...point.tags, other.id] }, 'TAMPERED'],
    ['a tag twice', { tags: [...point.tags, point.tags[0] as string] }, 'TAMPERED'],
    ['an upper-case id', { id: point.id.toUpperCase().replace(/^./, 'A') }, 'MALFORMED'],
    ['a tag of another form', { tags: ['cardiology'] }, 'MALFORMED'],
    ['an empty head', { head: new Uint8Array(0) }, 'MALFORMED'],
    ['a huge payload', { payload: new Uint8Array(300_000) }, 'MALFORMED'],
  ])('refuses %s', (_name, change, code) => {
    expect(openHead(keys, { ...point, ...change })).toBe(`ERR_RETRIEVER_RECORD_${code}`);
  });

  it('does not care about the order of tags', () => {
    expect(openHead(keys, { ...point, tags: point.tags.toReversed() })).toHaveProperty('head');
  });

  it('refuses payload and vector of an older version under the same id, whole or in part', () => {
    const { point: older } = sealRecord(keys, plain({ version: 4 }), systemRandom);
    for (const field of ['head', 'payload', 'vector'] as const) {
      expect(openHead(keys, { ...point, [field]: older[field] })).toBe('ERR_RETRIEVER_RECORD_TAMPERED');
    }
  });

  it('refuses records of another tenant, collection and issuer', async () => {
    for (const tenant of [await enter({ tenant: 'st-john' }), await enter({ issuer: 'elsewhere' })]) {
      const { point: foreign } = sealRecord(await deriveCollectionKeys(tenant, 'notes'), plain(), systemRandom);
      expect(openHead(keys, foreign)).toBe('ERR_RETRIEVER_RECORD_FOREIGN');
      expect(openHead(keys, { ...foreign, partition: keys.partition })).toBe('ERR_RETRIEVER_RECORD_FOREIGN');
    }
  });

  it('never throws, whatever a store answers', () => {
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom(...Object.keys(point)), (value, member) => {
        expect(openHead(keys, value as StoredPoint)).toMatch(/^ERR_/);
        const opened = openHead(keys, { ...point, [member]: value } as StoredPoint);
        expect(typeof opened === 'string' || value === point[member as keyof StoredPoint]).toBe(true);
      }),
    );
  });
});

describe('changeAccess', () => {
  const [before] = [openHead(keys, point)];
  const access = { label: 'confidential', acl: ['oncology'], compartments: ['trial'], retention: 9 } as const;

  it('seals the head alone: text and vector stay byte for byte and open under the new head', () => {
    if (typeof before === 'string') throw new Error(before);
    const changed = changeAccess(keys, point, before.head, { ...access, version: 6, cells: [] }, systemRandom);
    expect(changed.point.payload).toBe(point.payload);
    expect(changed.point.vector).toBe(point.vector);
    expect(changed.point).toMatchObject({ id: point.id, document: point.document });
    expect(changed.point.tags).not.toEqual(point.tags);
    const opened = openHead(keys, changed.point);
    if (typeof opened === 'string') throw new Error(opened);
    expect(opened.head).toMatchObject({ ...access, version: 6, sealed: 5 });
    expect(openText(keys, changed.point, opened.head)).toEqual({ text: 'Grüße' });
    expect(openHead(keys, { ...changed.point, tags: point.tags })).toBe('ERR_RETRIEVER_RECORD_TAMPERED');
    expect(openHead(keys, { ...point, head: changed.point.head })).toBe('ERR_RETRIEVER_RECORD_TAMPERED');
  });
});

describe('record heads', () => {
  const opened = openHead(keys, point);
  const head = typeof opened === 'string' ? undefined : opened.head;

  it('survive a round trip and refuse missing, unknown and wrong members', () => {
    if (head === undefined) throw new Error('the head did not open');
    const parse = (value: object): unknown => parseRecordHead(encodeRecordHead(value as typeof head));
    expect(parse(head)).toEqual(head);
    const values = JSON.parse(fromUtf8(encodeRecordHead(head))) as unknown[];
    for (const wrong of [[...values, 1], values.slice(1), values.slice(0, -1), values.toReversed(), head]) {
      expect(parseRecordHead(utf8(JSON.stringify(wrong)))).toBeUndefined();
    }
    for (const name of Object.keys(head)) {
      const { [name as keyof typeof head]: _removed, ...rest } = head;
      // Nothing and `null` are written alike, and `null` is how a head says that it has no retention.
      if (name !== 'retention') expect([parse(rest), parse({ ...head, [name]: null })]).toEqual([undefined, undefined]);
      expect(parse({ ...head, [name]: { a: 1 } })).toBeUndefined();
    }
    expect(parse({ ...head, chunk: 0.5 })).toBeUndefined();
    expect(parse({ ...head, label: 'secret' })).toBeUndefined();
    expect(parse({ ...head, cells: ['a'] })).toBeUndefined();
    expect(parseRecordHead(new Uint8Array([0xff]))).toBeUndefined();
  });
});
