import type { ServerResponse } from 'node:http';

/** How a service can fail. */
export const SERVICE_FAULTS = [
  'down',
  'slow',
  'busy',
  'busy-for-long',
  'error',
  'not-found',
  'truncated',
  'too-large',
  'garbage',
  'redirect',
  'wrong-chain',
  'wrong-subject',
] as const;

/**
 * One of them. `slow` never ends its answer; `busy` is 429 with Retry-After once, then well; `busy-for-long` asks for an
 * hour; `truncated` ends the connection within the body; `wrong-chain` answers under another root, `wrong-subject` about
 * something else.
 */
export type ServiceFault = (typeof SERVICE_FAULTS)[number];

/** A good answer. */
export interface Answer {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Answers under a fault of the transport. @returns whether it did */
export function answerFault(fault: ServiceFault | undefined, answer: Answer, response: ServerResponse): boolean {
  const end = (status: number, headers: Record<string, string> = {}): true => {
    response.writeHead(status, headers).end();
    return true;
  };
  switch (fault) {
    case 'down':
      response.destroy();
      return true;
    case 'slow':
      response.writeHead(200, answer.headers).write(answer.body.subarray(0, 1));
      return true;
    case 'busy-for-long':
      return end(429, { 'retry-after': '3600' });
    case 'busy':
      return end(429, { 'retry-after': '2' });
    case 'error':
      return end(500);
    case 'not-found':
      return end(404);
    case 'redirect':
      return end(302, { location: '/elsewhere' });
    case 'truncated':
      response.writeHead(200, { ...answer.headers, 'content-length': String(answer.body.length) });
      response.write(answer.body.subarray(0, answer.body.length >> 1), () => response.destroy());
      return true;
    case 'too-large':
      response.writeHead(200, answer.headers).end(new Uint8Array(9 * 1024 * 1024));
      return true;
    case 'garbage':
      response.writeHead(200, answer.headers).end('{"not": "what was asked for"}');
      return true;
    default:
      return false;
  }
}
