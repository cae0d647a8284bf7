/** The attributes that a span may carry, each with the type of its value. Everything else is content until shown otherwise. */
export interface SpanAttributes {
  readonly 'gen_ai.operation.name'?: string;
  readonly 'gen_ai.provider.name'?: string;
  readonly 'gen_ai.request.model'?: string;
  readonly 'gen_ai.response.model'?: string;
  readonly 'gen_ai.request.max_tokens'?: number;
  readonly 'gen_ai.request.stream'?: boolean;
  readonly 'gen_ai.request.temperature'?: number;
  readonly 'gen_ai.usage.input_tokens'?: number;
  readonly 'gen_ai.usage.output_tokens'?: number;
  readonly 'db.system.name'?: string;
  readonly 'db.collection.name'?: string;
  readonly 'db.response.returned_rows'?: number;
  readonly 'http.request.method'?: string;
  readonly 'http.response.status_code'?: number;
  readonly 'server.port'?: number;
  readonly 'error.type'?: string;
  readonly 'service.name'?: string;
  readonly 'service.version'?: string;
  readonly 'telemetry.sdk.language'?: string;
  readonly 'telemetry.sdk.name'?: string;
  readonly 'telemetry.sdk.version'?: string;
  readonly 'gen_ai.response.finish_reasons'?: readonly string[];
  readonly 'gen_ai.conversation.id'?: string;
  readonly 'gen_ai.data_source.id'?: string;
  readonly 'enduser.pseudo.id'?: string;
  readonly 'cloister.tenant'?: string;
  readonly 'cloister.request'?: string;
  readonly 'cloister.audit.index'?: number;
  readonly 'cloister.cache.scope'?: string;
  readonly 'cloister.classification'?: string;
  readonly 'cloister.tee'?: string;
  readonly 'cloister.simulated'?: boolean;
  readonly 'cloister.redactions'?: number;
  readonly 'cloister.sources'?: number;
}

const TYPES: Readonly<Record<keyof SpanAttributes, 'string' | 'number' | 'boolean' | 'words'>> = {
  'gen_ai.operation.name': 'string',
  'gen_ai.provider.name': 'string',
  'gen_ai.request.model': 'string',
  'gen_ai.response.model': 'string',
  'gen_ai.request.max_tokens': 'number',
  'gen_ai.request.stream': 'boolean',
  'gen_ai.request.temperature': 'number',
  'gen_ai.usage.input_tokens': 'number',
  'gen_ai.usage.output_tokens': 'number',
  'db.system.name': 'string',
  'db.collection.name': 'string',
  'db.response.returned_rows': 'number',
  'http.request.method': 'string',
  'http.response.status_code': 'number',
  'server.port': 'number',
  'error.type': 'string',
  'service.name': 'string',
  'service.version': 'string',
  'telemetry.sdk.language': 'string',
  'telemetry.sdk.name': 'string',
  'telemetry.sdk.version': 'string',
  'gen_ai.response.finish_reasons': 'words',
  'gen_ai.conversation.id': 'string',
  'gen_ai.data_source.id': 'string',
  'enduser.pseudo.id': 'string',
  'cloister.tenant': 'string',
  'cloister.request': 'string',
  'cloister.audit.index': 'number',
  'cloister.cache.scope': 'string',
  'cloister.classification': 'string',
  'cloister.tee': 'string',
  'cloister.simulated': 'boolean',
  'cloister.redactions': 'number',
  'cloister.sources': 'number',
};

const WORD = /^[A-Za-z0-9._:/@-]{1,128}$/;

/** Whether a text is one word, as names of models, operations and errors are; sentences are not. */
export function isWord(text: unknown): text is string {
  return typeof text === 'string' && WORD.test(text);
}

/** Keeps the attributes of the list whose values have their type; a text must be one word. */
export function selectAttributes(attributes: Readonly<Record<string, unknown>>): SpanAttributes {
  const kept = Object.entries(attributes).filter(([name, value]) => {
    const type = Object.hasOwn(TYPES, name) ? TYPES[name as keyof SpanAttributes] : undefined;
    if (type === 'words') return Array.isArray(value) && value.length <= 8 && value.every(isWord);
    if (type === 'string') return isWord(value);
    return typeof value === type && (type !== 'number' || Number.isFinite(value));
  });
  return Object.fromEntries(kept);
}
