import { expect, it } from 'vitest';
import { openOnce } from './open-once.ts';

it('opens once for all who ask, again after a failure, and nothing for who closes', async () => {
  let opened = 0;
  const once = openOnce(async () => {
    opened++;
    await Promise.resolve();
    if (opened === 1) throw new Error('not yet');
    return { opened };
  });
  expect([await once.held(), opened]).toEqual([undefined, 0]);
  const first = await Promise.allSettled([once.get(), once.get(), once.held()]);
  expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  expect([await once.held(), opened]).toEqual([undefined, 1]);
  const [left, right] = await Promise.all([once.get(), once.get()]);
  expect(left).toBe(right);
  expect(await once.get()).toBe(left);
  expect([await once.held(), opened]).toEqual([left, 2]);
});
