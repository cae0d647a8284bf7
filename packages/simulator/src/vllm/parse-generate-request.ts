import { booleanMember, isBody, numberMember, saltMember, type Body } from './parse-body.ts';
import type { ResolvedOptions } from './options.ts';
import { tokenize, tokenizeChat, type TemplateMessage } from './stand-in-tokenizer.ts';
import { apiError, parameterError, schemaError, windowError } from './wire-refusal.ts';

/** A chat or text completion, checked. */
export interface GenerateRequest {
  readonly kind: 'chat' | 'text';
  /** What the answer is composed from. */
  readonly messages: readonly TemplateMessage[];
  /** Prompt token ids. */
  readonly tokens: readonly number[];
  readonly salt: string | undefined;
  /** Most tokens to generate, at least 1. */
  readonly maxTokens: number;
  /** How many answers, 1 to 16. */
  readonly count: number;
  readonly stop: readonly string[];
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly continuousUsage: boolean;
  readonly returnTokenIds: boolean;
}

const UNSUPPORTED = ['logprobs', 'top_logprobs', 'prompt_logprobs', 'echo', 'best_of', 'use_beam_search'] as const;

function checkModel(body: Body, model: string): void {
  const asked = body['model'];
  if (asked === undefined || asked === null || asked === model) return;
  if (typeof asked !== 'string')
    throw schemaError('string_type', 'body.model', 'Input should be a valid string', asked);
  throw apiError(404, `The model \`${asked}\` does not exist. Valid aliases: ${model}.`, 'model');
}

/** vLLM walks a wrong-typed content as a list of parts and quotes what it finds: kept, because clients must cope. */
function contentError(content: unknown): Error {
  const items = isBody(content) ? Object.keys(content) : [content];
  const parts = [
    'ChatCompletionContentPartTextParam',
    'ChatCompletionContentPartImageParam',
    'ChatCompletionContentPartInputAudioParam',
    'File',
  ];
  const lines = items.flatMap((item, index) =>
    parts.map((part) => {
      const rule = "Input should be a valid dictionary [type=dict_type, input_value='";
      const more = 'For further information visit https://errors.pydantic.dev/2.14/v/dict_type';
      return `${index}.${part}\n  ${rule}${String(item)}', input_type=str]\n    ${more}`;
    }),
  );
  return apiError(400, `${lines.length} validation errors for ValidatorIterator\n${lines.join('\n')}`);
}

function textOf(content: unknown): string {
  if (content === undefined || content === null) return '';
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) throw contentError(content);
  return content
    .map((part: unknown) => {
      if (isBody(part) && part['type'] === 'text' && typeof part['text'] === 'string') return part['text'];
      throw apiError(400, 'The stand-in reads text parts only.', 'messages');
    })
    .join('\n');
}

/**
 * The messages of a chat request.
 * @throws WireRefusal 400 as vLLM words it when they are missing or not a list of messages
 */
export function parseMessages(body: Body): TemplateMessage[] {
  const messages = body['messages'];
  if (messages === undefined) throw schemaError('missing', 'body.messages', 'Field required', body);
  if (!Array.isArray(messages))
    throw schemaError('list_type', 'body.messages', 'Input should be a valid list', messages);
  return messages.map((message: unknown, index) => {
    if (!isBody(message))
      throw schemaError('dict_type', `body.messages.${index}`, 'Input should be a valid dictionary', message);
    const role = message['role'];
    if (typeof role !== 'string')
      throw schemaError('missing', `body.messages.${index}.role`, 'Field required', message);
    return { role, content: textOf(message['content']) };
  });
}

function parsePrompt(body: Body): { messages: TemplateMessage[]; tokens: number[] } {
  const prompt = body['prompt'];
  if (typeof prompt !== 'string')
    throw schemaError('string_type', 'body.prompt', 'Input should be a valid string', prompt);
  return { messages: [{ role: 'user', content: prompt }], tokens: tokenize(prompt).map((piece) => piece.id) };
}

function parseStop(stop: unknown): string[] {
  if (stop === undefined || stop === null) return [];
  if (typeof stop === 'string') return [stop];
  if (Array.isArray(stop) && stop.every((text) => typeof text === 'string')) return stop;
  throw schemaError('list_type', 'body.stop', 'Input should be a valid list', stop);
}

function parseMaxTokens(body: Body, kind: GenerateRequest['kind'], promptTokens: number, window: number): number {
  const asked =
    numberMember(body, 'max_completion_tokens') ??
    numberMember(body, 'max_tokens') ??
    (kind === 'text' ? 16 : undefined);
  if (asked !== undefined && asked < 1)
    throw parameterError(`max_tokens must be at least 1, got ${asked}.`, 'max_tokens', asked);
  if (asked !== undefined && asked > window) {
    const message = `max_tokens=${asked} cannot be greater than max_model_len=${window}. Please request fewer output tokens.`;
    throw parameterError(message, 'max_tokens', asked);
  }
  if (promptTokens >= window) throw windowError(window);
  return Math.min(Math.floor(asked ?? window), window - promptTokens);
}

function checkUnsupported(body: Body): void {
  if (body['tool_choice'] === 'auto' && Array.isArray(body['tools'])) {
    throw apiError(400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set');
  }
  const name = UNSUPPORTED.find(
    (member) => body[member] !== undefined && body[member] !== null && body[member] !== false,
  );
  if (name !== undefined)
    throw apiError(400, `The stand-in has no model and cannot answer requests with '${name}'.`, name);
}

/**
 * Checks a body for `/v1/chat/completions` or `/v1/completions`. Unknown members are ignored, a misspelt salt included.
 * @throws WireRefusal in vLLM's words
 */
export function parseGenerateRequest(
  kind: GenerateRequest['kind'],
  body: Body,
  options: ResolvedOptions,
): GenerateRequest {
  const salt = saltMember(body);
  const temperature = numberMember(body, 'temperature');
  if (temperature !== undefined && temperature < 0)
    throw parameterError(`temperature must be non-negative, got ${temperature}.`, 'temperature');
  const messages = kind === 'chat' ? parseMessages(body) : parsePrompt(body).messages;
  const tokens = kind === 'chat' ? tokenizeChat(messages) : parsePrompt(body).tokens;
  checkModel(body, options.model);
  checkUnsupported(body);
  const count = numberMember(body, 'n') ?? 1;
  if (!Number.isSafeInteger(count) || count < 1 || count > 16)
    throw parameterError(`n must be between 1 and 16, got ${count}.`, 'n', count);
  const stream = booleanMember(body, 'stream');
  const streamOptions = isBody(body['stream_options']) ? body['stream_options'] : {};
  const includeUsage = stream && booleanMember(streamOptions, 'include_usage');
  return {
    kind,
    messages,
    tokens,
    salt,
    maxTokens: parseMaxTokens(body, kind, tokens.length, options.maxModelLength),
    count,
    stop: parseStop(body['stop']),
    stream,
    includeUsage,
    continuousUsage: includeUsage && booleanMember(streamOptions, 'continuous_usage_stats'),
    returnTokenIds: booleanMember(body, 'return_token_ids'),
  };
}
