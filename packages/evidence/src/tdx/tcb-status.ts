/** What Intel publishes about a platform (PCS API version 4, TCB info). */
export const PLATFORM_STATUSES = [
  'UpToDate',
  'SWHardeningNeeded',
  'ConfigurationNeeded',
  'ConfigurationAndSWHardeningNeeded',
  'OutOfDate',
  'OutOfDateConfigurationNeeded',
  'Revoked',
] as const;

/**
 * The states of an assessed platform. The last two are never published: a guest was launched under a TCB that has become out
 * of date, and the module below it has been updated since (quotes with a TDX 1.5 body).
 */
export const TCB_STATUSES: readonly TcbStatus[] = [
  ...PLATFORM_STATUSES,
  'TDRelaunchAdvised',
  'TDRelaunchAdvisedConfigurationNeeded',
];

/** How far a platform's trusted computing base is behind. */
export type TcbStatus =
  | (typeof PLATFORM_STATUSES)[number]
  | 'TDRelaunchAdvised'
  | 'TDRelaunchAdvisedConfigurationNeeded';

/** The statuses that a policy can accept. */
export type AcceptableTcbStatus = Exclude<TcbStatus, 'Revoked'>;

const NEEDS_CONFIGURATION: ReadonlySet<TcbStatus> = new Set([
  'ConfigurationNeeded',
  'ConfigurationAndSWHardeningNeeded',
  'OutOfDateConfigurationNeeded',
]);
const OUT_OF_DATE: ReadonlySet<TcbStatus> = new Set(['OutOfDate', 'OutOfDateConfigurationNeeded']);

/**
 * The status of a platform together with one of its parts, TDX module or quoting enclave (Intel DCAP quote verification
 * library, TCB evaluation). Parts are only ever up to date, out of date or revoked; anything else a part might say counts when
 * it is worse than the platform's.
 */
export function convergeTcbStatus(platform: TcbStatus, part: TcbStatus): TcbStatus {
  if (platform === 'Revoked' || part === 'Revoked') return 'Revoked';
  if (part === 'OutOfDate') return NEEDS_CONFIGURATION.has(platform) ? 'OutOfDateConfigurationNeeded' : 'OutOfDate';
  return TCB_STATUSES.indexOf(part) > TCB_STATUSES.indexOf(platform) ? part : platform;
}

/**
 * The status of a guest that was launched under `launch` and now runs over a module of status `current`: where only the
 * launch is out of date, a new launch mends it (Intel DCAP quote verification library, relaunch check).
 */
export function adviseRelaunch(launch: TcbStatus, current: TcbStatus): TcbStatus {
  if (current === 'Revoked') return 'Revoked';
  if (!OUT_OF_DATE.has(launch) || OUT_OF_DATE.has(current)) return launch;
  return NEEDS_CONFIGURATION.has(launch) || NEEDS_CONFIGURATION.has(current)
    ? 'TDRelaunchAdvisedConfigurationNeeded'
    : 'TDRelaunchAdvised';
}
