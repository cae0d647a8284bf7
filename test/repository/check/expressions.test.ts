import { expect, it } from 'vitest';
import { findSlowRepeats } from './expressions.ts';

it.each([/\d+[a-z]/, /(?:a+)+$/, /\s*,\s*$/, /x.*y.*z$/])('a slow expression is told: %s', (expression) => {
  expect(findSlowRepeats(expression)).not.toEqual([]);
});

it.each([/(?<!\d)\d+/, /\d{1,40}[a-z]/, /^a+b/])('a linear one is not: %s', (expression) => {
  expect(findSlowRepeats(expression)).toEqual([]);
});

it('expressions of the redaction package that are put together at run time are linear', async () => {
  const Native = RegExp;
  const made: RegExp[] = [];
  // Only what the package itself makes: its library for phone numbers sees bounded text alone.
  globalThis.RegExp = new Proxy(Native, {
    construct(target, given, newTarget) {
      const expression = Reflect.construct(
        target,
        given,
        newTarget === globalThis.RegExp ? target : newTarget,
      ) as RegExp;
      if (new Error('where').stack?.split('\n')[2]?.includes('redaction/src') === true) made.push(expression);
      return expression;
    },
  });
  const { createRedactor } = await import('@cloister/redaction');
  createRedactor({ regions: ['US', 'GB', 'DE', 'FR', 'ES', 'IN'] });
  globalThis.RegExp = Native;
  expect(made.length).toBeGreaterThan(10);
  expect(made.filter((expression) => findSlowRepeats(expression).length > 0)).toEqual([]);
});
