/** The states that Intel publishes for a platform, a module or an enclave (Intel PCS API version 4, TCB info). */
export const TCB_STATUSES = [
  'UpToDate',
  'SWHardeningNeeded',
  'ConfigurationNeeded',
  'ConfigurationAndSWHardeningNeeded',
  'OutOfDate',
  'OutOfDateConfigurationNeeded',
  'Revoked',
] as const;

/** How far a platform's trusted computing base is behind. */
export type TcbStatus = (typeof TCB_STATUSES)[number];

const NEEDS_CONFIGURATION: ReadonlySet<TcbStatus> = new Set([
  'ConfigurationNeeded',
  'ConfigurationAndSWHardeningNeeded',
  'OutOfDateConfigurationNeeded',
]);

/**
 * The status of a platform together with one of its parts (TDX module or quoting enclave). Parts are only ever up to date,
 * out of date or revoked; anything else a part might say counts when it is worse than the platform's.
 */
export function convergeTcbStatus(platform: TcbStatus, part: TcbStatus): TcbStatus {
  if (platform === 'Revoked' || part === 'Revoked') return 'Revoked';
  if (part === 'OutOfDate') return NEEDS_CONFIGURATION.has(platform) ? 'OutOfDateConfigurationNeeded' : 'OutOfDate';
  return TCB_STATUSES.indexOf(part) > TCB_STATUSES.indexOf(platform) ? part : platform;
}
