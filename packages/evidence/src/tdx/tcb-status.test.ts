import { expect, test } from 'vitest';
import { convergeTcbStatus, TCB_STATUSES, type TcbStatus } from './tcb-status.ts';

const rows: readonly (readonly [TcbStatus, TcbStatus, TcbStatus])[] = [
  ['UpToDate', 'UpToDate', 'UpToDate'],
  ['UpToDate', 'OutOfDate', 'OutOfDate'],
  ['SWHardeningNeeded', 'UpToDate', 'SWHardeningNeeded'],
  ['SWHardeningNeeded', 'OutOfDate', 'OutOfDate'],
  ['ConfigurationNeeded', 'OutOfDate', 'OutOfDateConfigurationNeeded'],
  ['ConfigurationAndSWHardeningNeeded', 'OutOfDate', 'OutOfDateConfigurationNeeded'],
  ['OutOfDateConfigurationNeeded', 'OutOfDate', 'OutOfDateConfigurationNeeded'],
  ['OutOfDate', 'UpToDate', 'OutOfDate'],
  ['UpToDate', 'Revoked', 'Revoked'],
  ['Revoked', 'UpToDate', 'Revoked'],
];

test.each(rows)('%s with a part that is %s is %s', (platform, part, expected) => {
  expect(convergeTcbStatus(platform, part)).toBe(expected);
});

test('a part never improves the status', () => {
  for (const platform of TCB_STATUSES) {
    for (const part of TCB_STATUSES) {
      const converged = TCB_STATUSES.indexOf(convergeTcbStatus(platform, part));
      expect(converged).toBeGreaterThanOrEqual(TCB_STATUSES.indexOf(platform));
    }
  }
});
