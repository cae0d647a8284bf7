import { LIMITS } from './limits.ts';

/** Where a heading stands in a text: its line goes from `at` to the next line break. */
export interface Heading {
  /** UTF-16 units from the start. */
  readonly at: number;
  /** 1 to 6: a heading belongs to the one above it with the next smaller level. */
  readonly level: number;
}

/** Whether a value is a list of headings in the order of the text. */
export function areHeadings(value: unknown, text: string): value is readonly Heading[] {
  let last = -1;
  return (
    Array.isArray(value) &&
    value.length <= LIMITS.headings &&
    value.every((heading: unknown) => {
      const { at, level, ...more } = (heading ?? {}) as Record<string, unknown>;
      const fits = Number.isInteger(at) && (at as number) > last && (at as number) < text.length;
      last = Number(at);
      return fits && Number.isInteger(level) && (level as number) >= 1 && (level as number) <= 6 && isEmpty(more);
    })
  );
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}
