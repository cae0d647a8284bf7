import { sessionError } from '../errors.ts';

/** The calls that one answer makes, put together from its events. */
export interface ToolCalls {
  /** Whether a call has begun and not ended. */
  readonly isOpen: boolean;
  /**
   * Reads an event of chat completions or responses.
   * @throws CloisterError `ERR_SESSION_TOOL_CALL_HALF` when a call ends before it is whole
   */
  read(event: Members): void;
}

/** A parsed JSON object. */
export type Members = Readonly<Record<string, unknown>>;

interface Call {
  readonly choice: unknown;
  name: string;
  arguments: string;
}

/** What an answer may end with when its calls are whole. */
const WHOLE: ReadonlySet<unknown> = new Set(['tool_calls', 'function_call', 'stop']);

/** Starts without a call. */
export function collectToolCalls(): ToolCalls {
  const calls = new Map<string, Call>();
  const items = new Set<unknown>();

  const add = (choice: unknown, index: unknown, part: Members): void => {
    const key = `${String(choice)} ${String(index)}`;
    const call = calls.get(key) ?? { choice, name: '', arguments: '' };
    calls.set(key, call);
    if (typeof part['name'] === 'string') call.name += part['name'];
    if (typeof part['arguments'] === 'string') call.arguments += part['arguments'];
  };
  const readChoice = (choice: Members): void => {
    const delta = asMembers(choice['delta']);
    for (const call of asList(delta['tool_calls'])) add(choice['index'], call['index'], asMembers(call['function']));
    if (isMembers(delta['function_call'])) add(choice['index'], 'function', delta['function_call']);
    const reason = choice['finish_reason'];
    if (typeof reason !== 'string') return;
    for (const [key, call] of calls) {
      if (call.choice !== choice['index']) continue;
      requireWhole(call, WHOLE.has(reason));
      calls.delete(key);
    }
  };
  const readItem = (event: Members): void => {
    const { type } = event;
    const item = asMembers(event['item']);
    const isCall = item['type'] === 'function_call';
    if (type === 'response.output_item.added' && isCall) items.add(event['output_index']);
    if (type === 'response.output_item.done' && isCall) {
      requireWhole(item, item['status'] === undefined || item['status'] === 'completed');
      items.delete(event['output_index']);
    }
  };
  return {
    get isOpen() {
      return calls.size > 0 || items.size > 0;
    },
    read(event) {
      asList(event['choices']).forEach(readChoice);
      readItem(event);
    },
  };
}

/**
 * Checks the calls of an answer that is no stream.
 * @throws CloisterError `ERR_SESSION_TOOL_CALL_HALF`
 */
export function requireWholeCalls(answer: Members): void {
  for (const choice of asList(answer['choices'])) {
    const message = asMembers(choice['message']);
    const isWhole = WHOLE.has(choice['finish_reason']);
    for (const call of asList(message['tool_calls'])) requireWhole(asMembers(call['function']), isWhole);
    if (isMembers(message['function_call'])) requireWhole(message['function_call'], isWhole);
  }
  for (const item of asList(answer['output']))
    if (item['type'] === 'function_call') requireWhole(item, answer['status'] !== 'incomplete');
}

function requireWhole(call: Members | Call, isEnded: boolean): void {
  if (!isEnded || !isName(call['name']) || !isJsonObject(call['arguments']))
    throw sessionError('ERR_SESSION_TOOL_CALL_HALF');
}

function isName(name: unknown): boolean {
  return typeof name === 'string' && name !== '';
}

function isJsonObject(text: unknown): boolean {
  try {
    return typeof text === 'string' && isMembers(JSON.parse(text));
  } catch {
    return false;
  }
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asMembers(value: unknown): Members {
  return isMembers(value) ? value : {};
}

function asList(value: unknown): readonly Members[] {
  return Array.isArray(value) ? value.filter(isMembers) : [];
}
