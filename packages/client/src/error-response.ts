import type { CloisterError } from '@cloister/core';

const errors = new WeakMap<Response, CloisterError>();

const STATUS: Readonly<Record<string, number>> = {
  ERR_CLIENT_REFUSED: 401,
  ERR_CLIENT_REQUEST_INVALID: 400,
  ERR_CLIENT_REQUEST_TOO_LARGE: 413,
  ERR_CLIENT_FOREIGN_URL: 400,
  ERR_CLIENT_CLOSED: 400,
  ERR_CLIENT_UNREACHABLE: 503,
  ERR_CLIENT_EVIDENCE_UNREACHABLE: 503,
};

/**
 * An error as client libraries understand it (DESIGN 6.2): OpenAI's error shape, and a header that keeps them from
 * trying again on their own, which a thrown error would not.
 */
export function createErrorResponse(error: CloisterError): Response {
  const message = `${error.message} ${error.fix}`;
  const body = { error: { message, type: 'cloister_error', param: error.subject ?? null, code: error.code } };
  const headers = { 'content-type': 'application/json', 'cloister-error': error.code, 'x-should-retry': 'false' };
  const response = new Response(JSON.stringify(body), { status: STATUS[error.code] ?? 502, headers });
  errors.set(response, error);
  return response;
}

/** The error behind a response that this package made up; `undefined` for answers of the enclave. */
export function errorOfResponse(response: Response): CloisterError | undefined {
  return errors.get(response);
}
