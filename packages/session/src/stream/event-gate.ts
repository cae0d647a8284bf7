import { concat, endOfEvent } from '@cloister/core';
import { sessionError } from '../errors.ts';
import { collectToolCalls, type Members } from './tool-calls.ts';

/** Stands between an event stream and a client library. */
export interface EventGate {
  /**
   * Takes bytes; gives whole events that may pass.
   * @throws CloisterError `ERR_SESSION_TOOL_CALL_HALF`, `ERR_SESSION_STREAM_TOO_LARGE`
   */
  push(piece: Uint8Array): Uint8Array;
  /** The source has ended. @throws CloisterError `ERR_SESSION_STREAM_CUT` unless the answer is whole */
  end(): void;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const NOTHING = new Uint8Array(0);
/** Most bytes of an event, and of the events of tool calls that are not whole. */
const MOST_HELD = 8 * 1024 * 1024;
/** What an event may say that is more than a piece of text, spaces as writers of JSON set them; behind an escape it may say anything. */
const SIGNS = /"tool_calls"|"function_call|\[DONE\]|"finish_reason": ?"|"response\.(?!output_text\.delta)|\\u/;
const ENDS: ReadonlySet<unknown> = new Set(['response.completed', 'response.incomplete', 'response.failed']);

/**
 * Lets server-sent events (HTML standard, section 9.2) pass as they are, whole. Those of tool calls wait until every call that
 * has begun is whole: name, arguments that are a JSON object, and an answer that ended for no other reason. A stream is
 * whole when a model said why it stopped and the end marker came.
 */
export function createEventGate(): EventGate {
  const calls = collectToolCalls();
  const ascii = new TextDecoder('latin1');
  let rest: Uint8Array = NOTHING;
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let [isStopped, isDone] = [false, false];

  const read = (event: Uint8Array): void => {
    const data = dataOf(event);
    if (data === '[DONE]') return void (isDone = true);
    const members = parse(data);
    if (members === undefined) return;
    calls.read(members);
    isStopped ||= hasReason(members);
    if (ENDS.has(members['type'])) [isStopped, isDone] = [true, true];
  };
  const readAll = (events: Uint8Array): Uint8Array => {
    const passed: Uint8Array[] = [];
    for (let from = 0; from < events.length;) {
      const end = endOfEvent(events, from);
      const event = events.subarray(from, end);
      from = end;
      read(event);
      waiting.push(event);
      waitingBytes += event.length;
      if (calls.isOpen) continue;
      passed.push(...waiting);
      waiting = [];
      waitingBytes = 0;
    }
    if (waitingBytes > MOST_HELD) throw sessionError('ERR_SESSION_STREAM_TOO_LARGE');
    return concat(...passed);
  };
  return {
    push(piece) {
      const bytes = rest.length === 0 ? piece : concat(rest, piece);
      const end = endOfLastEvent(bytes);
      rest = bytes.subarray(end);
      if (rest.length > MOST_HELD) throw sessionError('ERR_SESSION_STREAM_TOO_LARGE');
      if (end === 0) return NOTHING;
      const whole = bytes.subarray(0, end);
      return waiting.length > 0 || SIGNS.test(ascii.decode(whole)) ? readAll(whole) : whole;
    },
    end() {
      if (!isDone || !isStopped || waiting.length > 0 || rest.length > 0) throw sessionError('ERR_SESSION_STREAM_CUT');
    },
  };
}

/** The offset after the last blank line; 0 without one. */
function endOfLastEvent(bytes: Uint8Array): number {
  for (let at = bytes.lastIndexOf(LINE_FEED); at > 0; at = bytes.lastIndexOf(LINE_FEED, at - 1)) {
    const before = bytes[at - 1] === CARRIAGE_RETURN ? at - 2 : at - 1;
    if (bytes[before] === LINE_FEED) return at + 1;
  }
  return 0;
}

function dataOf(event: Uint8Array): string {
  const lines = new TextDecoder().decode(event).split(/\r?\n/);
  return lines.flatMap((line) => (line.startsWith('data:') ? [line.slice(5).replace(/^ /, '')] : [])).join('\n');
}

/** What is no JSON object is for the library to judge. */
function parse(data: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null ? (value as Members) : undefined;
  } catch {
    return undefined;
  }
}

function hasReason({ choices }: Members): boolean {
  return (
    Array.isArray(choices) &&
    choices.some((choice: unknown) => typeof (choice as Members | null)?.['finish_reason'] === 'string')
  );
}
