import { describe, expect, it } from 'vitest';
import { CloisterError, createErrors, findCloisterError, isCloisterError, isDeclaredErrorCode } from './errors.ts';

const testError = createErrors<'ERR_TEST_ONE' | 'ERR_TEST_TWO'>({
  ERR_TEST_ONE: { message: 'One happened.', fix: 'Do one.' },
  ERR_TEST_TWO: { message: 'Two happened.', fix: 'Do two.', retryable: true },
});

describe('errors', () => {
  it('carry code, fix and place', () => {
    const error = testError('ERR_TEST_ONE', { subject: 'file', detail: { offset: 3 } });
    expect(error).toBeInstanceOf(CloisterError);
    expect(error).toMatchObject({
      name: 'CloisterError',
      code: 'ERR_TEST_ONE',
      message: 'One happened. (file)',
      fix: 'Do one.',
      retryable: false,
      subject: 'file',
      detail: { offset: 3 },
    });
    expect('cause' in error).toBe(false);
    expect(testError('ERR_TEST_TWO').retryable).toBe(true);
  });

  it('are recognised across copies of the package, and nothing else is', () => {
    const foreign = Object.defineProperty(new Error('x'), Symbol.for('cloister.error'), { value: true });
    expect([testError('ERR_TEST_ONE'), foreign].map(isCloisterError)).toEqual([true, true]);
    expect([new Error('x'), { code: 'ERR_TEST_ONE' }, null, undefined, 'ERR_TEST_ONE'].map(isCloisterError)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  it('are found among causes, within a bound', () => {
    const inner = testError('ERR_TEST_ONE');
    expect(findCloisterError(new Error('outer', { cause: new Error('middle', { cause: inner }) }))).toBe(inner);
    expect(findCloisterError(new Error('none'))).toBeUndefined();
    const cycle = new Error('cycle');
    cycle.cause = cycle;
    expect(findCloisterError(cycle)).toBeUndefined();
  });

  it('declare their codes', () => {
    expect(['ERR_TEST_ONE', 'ERR_TEST_THREE', 'One happened.', undefined, {}].map(isDeclaredErrorCode)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
