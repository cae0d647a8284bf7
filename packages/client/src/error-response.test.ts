import { describe, expect, it } from 'vitest';
import { createErrorResponse, errorOfResponse } from './error-response.ts';
import { clientError } from './errors.ts';

describe('an error as a response', () => {
  it('has the shape that client libraries read, and forbids another try', async () => {
    const error = clientError('ERR_CLIENT_UNREACHABLE', { cause: new Error('CANARY') });
    const response = createErrorResponse(error);
    expect([response.status, response.ok, response.headers.get('x-should-retry')]).toEqual([503, false, 'false']);
    const text = await response.clone().text();
    expect(JSON.parse(text)).toEqual({
      error: {
        message: `${error.message} ${error.fix}`,
        type: 'cloister_error',
        param: null,
        code: 'ERR_CLIENT_UNREACHABLE',
      },
    });
    expect(text).not.toContain('CANARY');
    expect(errorOfResponse(response)).toBe(error);
    expect(errorOfResponse(response.clone())).toBeUndefined();
  });
});
