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
  if (typeof value === 'string') return pythonString(value);
  if (Array.isArray(value)) return `'<list of ${value.length} items>'`;
  return `'<dict of ${Object.keys(value as object).length} items>'`;
}

/** Single quotes unless the text has them and no double ones. */
function pythonString(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return text.includes("'") && !text.includes('"') ? `"${escaped}"` : `'${escaped.replaceAll("'", "\\'")}'`;
}

/** One complaint of the request schema. */
export interface SchemaComplaint {
  readonly type: string;
  /** Dotted path from `body`. */
  readonly location: string;
  readonly message: string;
  /** The value that is wrong. */
  readonly input: unknown;
  /** Python text of the `ctx` member. */
  readonly context?: string;
}

/** Complaints that are shown before the rest is only counted. */
const MOST_SHOWN = 10;

/** Several complaints at once, as a union of schemas makes them. @param total how many there are, if more than are given */
export function schemaErrors(complaints: readonly SchemaComplaint[], total: number = complaints.length): WireRefusal {
  const lines = complaints.slice(0, MOST_SHOWN).map(({ type, location, message, input, context }) => {
    const shown = typeof input === 'number' ? `'${input}'` : pythonRepr(input);
    const ctx = context === undefined ? '' : `, 'ctx': ${context}`;
    return `  {'type': '${type}', 'loc': '${location}', 'msg': ${pythonString(message)}, 'input': ${shown}${ctx}}`;
  });
  if (total > MOST_SHOWN) lines.push(`  ...and ${total - MOST_SHOWN} more errors`);
  const text = `${total} validation error${total === 1 ? '' : 's'}:\n${lines.join('\n')}`;
  const param = complaints[0]?.location ?? null;
  return new WireRefusal(400, { error: { message: text, type: 'Bad Request', param, code: 400 } });
}

/** One error of the request schema. The real server echoes a wrong-typed scalar, so the stand-in does too. */
export function schemaError(
  type: string,
  location: string,
  message: string,
  input: unknown,
  context?: string,
): WireRefusal {
  return schemaErrors([{ type, location, message, input, ...(context === undefined ? {} : { context }) }]);
}

/** A prompt that fills the window. @param window `max_model_len` */
export function windowError(window: number): WireRefusal {
  const limit = `This model's maximum context length is ${window} tokens. However, your prompt contains at least ${window + 1} input tokens`;
  const advice =
    'which exceeds this limit even without any output tokens. Please reduce the length of the input prompt.';
  return parameterError(`${limit}, ${advice}`, 'input_tokens', window + 1);
}
