import type { CloisterError } from '@cloister/core';
import { utf8 } from '@cloister/core';

/** An error in the shape that OpenAI's clients read. Its texts come from tables in the code, never from the engine. */
export function errorJson(error: CloisterError): string {
  return JSON.stringify({
    error: {
      message: `${error.message} ${error.fix}`,
      type: 'cloister_error',
      param: error.subject ?? null,
      code: error.code,
    },
  });
}

/** The error as one server-sent event: client libraries turn it into an exception. */
export function errorEvent(error: CloisterError): Uint8Array {
  return utf8(`event: error\ndata: ${errorJson(error)}\n\n`);
}

const STATUS: Readonly<Record<string, number>> = {
  ERR_GATEWAY_REPLAY_WINDOW_FULL: 503,
  ERR_GATEWAY_LIMIT_REACHED: 429,
  ERR_GATEWAY_ROUTE_UNKNOWN: 404,
  ERR_GATEWAY_ANSWER_NOT_KEPT: 404,
  ERR_GATEWAY_BODY_TOO_LARGE: 413,
  ERR_GATEWAY_SCOPE_REFUSED: 403,
  ERR_GATEWAY_TENANT_REFUSED: 403,
  ERR_GATEWAY_ISOLATION_NOT_PROVEN: 503,
  ERR_GATEWAY_ENGINE_UNREACHABLE: 502,
  ERR_GATEWAY_ENGINE_BUSY: 503,
  ERR_GATEWAY_ENGINE_FAILED: 502,
  ERR_GATEWAY_ENGINE_CUT: 502,
  ERR_GATEWAY_ENGINE_LATE: 504,
  ERR_GATEWAY_INTERNAL: 500,
};

/** The HTTP status that a sealed error travels with: 400 unless the code, or the engine's own status, says more. */
export function statusOf(error: CloisterError): number {
  if (error.code === 'ERR_GATEWAY_ENGINE_REFUSED') return Number(error.detail['status'] ?? 400);
  return STATUS[error.code] ?? 400;
}
