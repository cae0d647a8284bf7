import { parameterError, schemaError, WireRefusal } from './wire-refusal.ts';

/** A JSON object of a request, unchecked. */
export type Body = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object. */
export function isBody(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** V8's complaint in the words of Python's `json`, as far as the recordings show them. */
function pythonJsonError(message: string): string {
  if (message.startsWith("Expected ','")) return "Expecting ',' delimiter";
  if (message.startsWith("Expected ':'")) return "Expecting ':' delimiter";
  if (message.startsWith('Expected property name')) return 'Expecting property name enclosed in double quotes';
  return 'Expecting value';
}

const LONG_INTEGER = /(?<![\d.])\d{4301,}(?![\d.eE])/;

/** Python reads no integer of more than 4,300 digits; texts may hold them. */
function hasLongInteger(text: string): boolean {
  return LONG_INTEGER.test(text) && LONG_INTEGER.test(text.replaceAll(/"(?:[^"\\]|\\.)*"/g, ''));
}

/**
 * The JSON object of a request.
 * @throws WireRefusal 400 `json_invalid` at the offset, or `model_attributes_type` for other JSON values
 */
export function parseBody(text: string): Body {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const message = (error as SyntaxError).message;
    const position = /at position (\d+)/.exec(message)?.[1] ?? String(text.length);
    const context = `{'error': "${pythonJsonError(message)}"}`;
    throw schemaError('json_invalid', `body.${position}`, 'JSON decode error', {}, context);
  }
  if (hasLongInteger(text)) throw new WireRefusal(400, { detail: 'There was an error parsing the body' });
  if (isBody(value)) return value;
  throw schemaError(
    'model_attributes_type',
    'body',
    'Input should be a valid dictionary or object to extract fields from',
    value,
  );
}

/** A member that is a number or absent; texts that hold a number pass, as in pydantic's lax mode. */
export function numberMember(body: Body, name: string): number | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number') return value;
  if (typeof value !== 'string')
    throw schemaError('float_type', `body.${name}`, 'Input should be a valid number', value);
  const parsed = value.trim() === '' ? Number.NaN : Number(value);
  if (!Number.isNaN(parsed)) return parsed;
  const message = 'Input should be a valid number, unable to parse string as a number';
  throw schemaError('float_parsing', `body.${name}`, message, value);
}

/** A member that is a boolean; absent or null means false. */
export function booleanMember(body: Body, name: string): boolean {
  const value = body[name];
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  throw schemaError('bool_type', `body.${name}`, 'Input should be a valid boolean', value);
}

/** The salt of a request by vLLM 0.30's rules; absent or null means the shared cache. */
export function saltMember(body: Body): string | undefined {
  const salt = body['cache_salt'];
  if (salt === undefined || salt === null) return undefined;
  if (typeof salt !== 'string' || salt === '') {
    throw parameterError("Parameter 'cache_salt' must be a non-empty string if provided.", 'cache_salt');
  }
  if (Array.from(salt).length <= 128 && !/[@/\\\0]/.test(salt)) return salt;
  const rule = "must be at most 128 characters and must not contain '@', '/', '\\\\', or NUL.";
  throw parameterError(`Parameter 'cache_salt' ${rule}`, 'cache_salt');
}
