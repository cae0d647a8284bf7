import { expect, it } from 'vitest';
import type { RecordAccess } from '../record/record-head.ts';
import { Audiences } from './audiences.ts';

it('gives equal access one id and different access different ones, and forgets them when it is told to', () => {
  const audiences = new Audiences();
  const base: RecordAccess = { label: 'internal', acl: ['a', 'b'], compartments: [], retention: null };
  const others: RecordAccess[] = [
    { ...base, label: 'public' },
    { ...base, acl: ['a'] },
    { ...base, acl: ['a', 'c'] },
    { ...base, acl: ['a,b'] },
    { ...base, compartments: ['b'] },
    { ...base, retention: 7 },
  ];
  const all = [base, ...others];
  const ids = [...all, ...all.toReversed()].map((access) => audiences.idOf({ ...access, acl: [...access.acl] }));
  expect(ids).toEqual([...all.keys(), ...[...all.keys()].toReversed()]);
  expect(audiences.all).toEqual(all);
  audiences.clear();
  expect(audiences.all).toEqual([]);
  expect(audiences.idOf(base)).toBe(0);
});
