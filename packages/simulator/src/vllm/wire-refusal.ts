/** An HTTP answer other than 200, as vLLM 0.32 words it. Thrown inside the stand-in and written by its server alone. */
export class WireRefusal extends Error {
  /** HTTP status, 400 to 599. */
  readonly status: number;
  /** The JSON body. */
  readonly body: unknown;
  /** Headers besides the usual ones. */
  readonly headers: Readonly<Record<string, string>>;

  /** @param status HTTP status; @param body what is sent as JSON */
  constructor(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    super(`HTTP ${status}`);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

const TYPES: Readonly<Record<number, string>> = { 403: 'PermissionDeniedError', 404: 'NotFoundError' };

/** An error that vLLM's own checks raise. `param` names the request's member, if it is about one. */
export function apiError(status: number, message: string, param: string | null = null): WireRefusal {
  const type = TYPES[status] ?? (status < 500 ? 'BadRequestError' : 'InternalServerError');
  return new WireRefusal(status, { error: { message, type, param, code: status } });
}

/** An error about a member whose value is named in the message. */
export function parameterError(message: string, param: string, value?: number): WireRefusal {
  const named = value === undefined ? `parameter=${param}` : `parameter=${param}, value=${value}`;
  return apiError(400, `${message} (${named})`, param);
}

/** Python's `repr` as far as vLLM's messages show it: containers only by size, texts in full. */
export function pythonRepr(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string')
    return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
  if (Array.isArray(value)) return `'<list of ${value.length} items>'`;
  return `'<dict of ${Object.keys(value as object).length} items>'`;
}

/** An error of the request schema. The real server echoes a wrong-typed scalar, so the stand-in does too. */
export function schemaError(
  type: string,
  location: string,
  message: string,
  input: unknown,
  context = '',
): WireRefusal {
  const entry = `{'type': '${type}', 'loc': '${location}', 'msg': '${message}', 'input': ${pythonRepr(input)}${context}}`;
  const text = `1 validation error:\n  ${entry}`;
  return new WireRefusal(400, { error: { message: text, type: 'Bad Request', param: location, code: 400 } });
}
