import { cliError } from '../errors.ts';

const UTC = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z$/;

/**
 * A time of the command line in ms since the epoch. A date that the calendar does not know is refused.
 * @throws ERR_CLI_TIME_INVALID
 */
export function parseTime(text: string): number {
  const [, date] = UTC.exec(text) ?? [];
  const time = date === undefined ? Number.NaN : Date.parse(text);
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== date) throw cliError('ERR_CLI_TIME_INVALID');
  return time;
}
