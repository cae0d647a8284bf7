import { expect, test } from 'vitest';
import { adviseRelaunch, convergeTcbStatus, PLATFORM_STATUSES, type TcbStatus } from './tcb-status.ts';

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

const ORDER: readonly TcbStatus[] = PLATFORM_STATUSES;

test('a part never improves the status', () => {
  for (const platform of PLATFORM_STATUSES) {
    for (const part of PLATFORM_STATUSES) {
      const converged = ORDER.indexOf(convergeTcbStatus(platform, part));
      expect(converged).toBeGreaterThanOrEqual(ORDER.indexOf(platform));
    }
  }
});

const relaunches: readonly (readonly [TcbStatus, TcbStatus, TcbStatus])[] = [
  ['OutOfDate', 'UpToDate', 'TDRelaunchAdvised'],
  ['OutOfDate', 'SWHardeningNeeded', 'TDRelaunchAdvised'],
  ['OutOfDate', 'ConfigurationNeeded', 'TDRelaunchAdvisedConfigurationNeeded'],
  ['OutOfDateConfigurationNeeded', 'UpToDate', 'TDRelaunchAdvisedConfigurationNeeded'],
  ['OutOfDate', 'OutOfDate', 'OutOfDate'],
  ['OutOfDate', 'Revoked', 'Revoked'],
  ['UpToDate', 'UpToDate', 'UpToDate'],
  ['UpToDate', 'OutOfDate', 'UpToDate'],
  ['Revoked', 'UpToDate', 'Revoked'],
];

test.each(relaunches)('launched as %s, now %s: %s', (launch, current, expected) => {
  expect(adviseRelaunch(launch, current)).toBe(expected);
});
