import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** How an engine may write down what it should keep to itself. */
export const ENCODINGS: Readonly<Record<string, (text: string) => Buffer>> = {
  raw: (text) => Buffer.from(text),
  base64: (text) => Buffer.from(Buffer.from(text).toString('base64')),
  hex: (text) => Buffer.from(Buffer.from(text).toString('hex')),
  json: (text) => Buffer.from(eachUnit(text, (unit) => `\\u${unit.toString(16).padStart(4, '0')}`)),
  url: (text) => Buffer.from(eachUnit(text, (unit) => `%${unit.toString(16).padStart(2, '0')}`)),
  utf16: (text) => Buffer.from(text, 'utf16le'),
};

function eachUnit(text: string, write: (unit: number) => string): string {
  return Array.from({ length: text.length }, (_, index) => write(text.charCodeAt(index))).join('');
}

/** Which encodings of a secret occur in a text; base64 at any offset, hex and escapes in either case, UTF-16 either way. */
export function findSecret(haystack: string, secret: string): readonly string[] {
  const lower = haystack.toLowerCase();
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)])
      .toString('base64')
      .slice(Math.ceil((shift * 8) / 6), -4),
  );
  const found: Readonly<Record<string, boolean>> = {
    raw: lower.includes(secret.toLowerCase()),
    base64: base64.some((part) => haystack.includes(part)),
    hex: lower.includes(Buffer.from(secret).toString('hex')),
    json: lower.includes(String(ENCODINGS['json']?.(secret))) || lower.includes(eachUnit(secret, escapedTwice)),
    url: lower.includes(String(ENCODINGS['url']?.(secret))),
    utf16: ['\0', ' '].some((gap) => lower.includes(secret.toLowerCase().split('').join(gap))),
  };
  return Object.keys(found).filter((name) => found[name]);
}

/** As `inspect` and `JSON.stringify` show an escape. */
function escapedTwice(unit: number): string {
  return `\\\\u${unit.toString(16).padStart(4, '0')}`;
}

/** The parts of an answer that a shape is made of, over bytes that betray something. */
type Shape = (secret: Buffer, isStream: boolean) => readonly (string | Buffer)[];

/** Within a line of a head: zero bytes would end it for most readers, so UTF-16 gets spaces there. */
const line = (bytes: Buffer): string => bytes.toString('latin1').replaceAll(/[\r\n\0]/g, ' ');
const body = (status: string, type: string, ...content: readonly (string | Buffer)[]): readonly (string | Buffer)[] => {
  const { length } = Buffer.concat(content.map((part) => Buffer.from(part)));
  return [
    `HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\nconnection: close\r\n\r\n`,
    ...content,
  ];
};
const JSON_TYPE = 'application/json';
const EVENTS = 'text/event-stream';
const choices = '"choices":[{"index":0,"message":{"role":"assistant","content":"fine"},"finish_reason":"stop"}]';
const GOOD = `{"id":"1","object":"chat.completion","created":1,"model":"m",${choices}}`;
const DELTA =
  'data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"fine"}}]}\n\n';
const END = 'data: [DONE]\n\n';

function good(isStream: boolean, extra = ''): readonly string[] {
  const [type, content] = isStream ? [EVENTS, DELTA + END] : [JSON_TYPE, GOOD];
  const length = Buffer.byteLength(content);
  return [
    `HTTP/1.1 200 OK\r\n${extra}content-type: ${type}\r\ncontent-length: ${length}\r\nconnection: close\r\n\r\n${content}`,
  ];
}

/** Answers that hold what no answer may pass on, each in another place. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  'error 400, JSON': (secret) => body('400 Bad Request', JSON_TYPE, '{"error":{"message":"', secret, '","code":400}}'),
  'error 404, text': (secret) => body('404 Not Found', 'text/plain', secret),
  'error 422, detail': (secret) => body('422 Unprocessable', JSON_TYPE, '{"detail":[{"input":"', secret, '"}]}'),
  'error 429': (secret) => body('429 Too Many', JSON_TYPE, '{"error":"', secret, '"}'),
  'error 500, HTML': (secret) => body('500 Internal', 'text/html', '<pre>', secret, '</pre>'),
  'error 503, events': (secret) => body('503 Busy', EVENTS, 'data: {"error":{"message":"', secret, '"}}\n\n'),
  'status line': (secret) => body(`500 ${line(secret)}`, JSON_TYPE, '{}'),
  'status line of success': (secret, isStream) => good(isStream).map((text) => text.replace('OK', line(secret))),
  'headers of an error': (secret) => [
    `HTTP/1.1 400 No\r\nx-prompt: ${line(secret)}\r\nset-cookie: a=${line(secret)}\r\ncontent-length: 0\r\n\r\n`,
  ],
  'headers of success': (secret, isStream) =>
    good(isStream, `x-prompt: ${line(secret)}\r\nserver: ${line(secret)}\r\nset-cookie: a=${line(secret)}\r\n`),
  redirect: (secret) => [
    `HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1/${line(secret)}\r\ncontent-length: 0\r\n\r\n`,
  ],
  'early hints': (secret, isStream) => [
    `HTTP/1.1 103 Early Hints\r\nlink: <${line(secret)}>\r\n\r\n`,
    ...good(isStream),
  ],
  'content type': (secret) => body('200 OK', `text/plain; charset=${line(secret)}`, secret),
  'content type of success': (secret, isStream) =>
    good(isStream).map((text) => text.replace(/(content-type: [^\r]*)/, (type) => `${type}; charset=${line(secret)}`)),
  'success with an error inside': (secret, isStream) =>
    isStream
      ? body('200 OK', EVENTS, DELTA, 'data: {"error":{"message":"', secret, '","code":500}}\n\n', END)
      : body('200 OK', JSON_TYPE, '{"object":"error","error":{"message":"', secret, '"}}'),
  'an event named error': (secret) =>
    body('200 OK', EVENTS, DELTA, 'event: error\ndata: {"message":"', secret, '"}\n\n', END),
  'an error event that is no JSON': (secret) => body('200 OK', EVENTS, DELTA, 'data: {"error": ', secret, '\n\n', END),
  'truncated JSON': (secret, isStream) =>
    isStream
      ? body('200 OK', EVENTS, DELTA, 'data: {"choices":[{"delta":{"content":"', secret)
      : [
          `HTTP/1.1 200 OK\r\ncontent-type: ${JSON_TYPE}\r\ncontent-length: 9999\r\n\r\n{"choices":[{"message":{"content":"`,
          secret,
        ],
  'a chunk of no size': (secret) => [
    `HTTP/1.1 200 OK\r\ncontent-type: ${EVENTS}\r\ntransfer-encoding: chunked\r\n\r\n${line(secret)}\r\n`,
  ],
  'no HTTP': (secret) => [secret, '\r\n\r\n'],
  'a header without a name': (secret) => [`HTTP/1.1 200 OK\r\n${line(secret)}\r\n\r\n`],
};

/** What the next answer betrays, where and how. */
export interface Plan {
  readonly shape: string;
  readonly encoding: string;
  readonly isStream: boolean;
}

/** An engine that quotes what it was sent. */
export interface HostileEngine extends AsyncDisposable {
  readonly url: string;
  /** For the next request. */
  plan: Plan;
  /** Text that only this server knows. */
  readonly own: string;
  /** The salt that the last request held. */
  readonly salt: string;
  /** What was last sent, as a careless program would log it. */
  readonly sent: Buffer;
}

/** Starts it on a free port. @param prompt what it looks for in prompts and repeats */
export async function startHostileEngine(prompt: string): Promise<HostileEngine> {
  const own = 'server-words-Qz81kVt5';
  const state = { plan: { shape: '', encoding: 'raw', isStream: false } as Plan, salt: '', sent: Buffer.alloc(0) };
  const answer = (socket: Socket, request: string): void => {
    if (request.startsWith('GET')) {
      const text = '{"object":"list","data":[{"id":"m","object":"model"}]}';
      return void socket.end(
        `HTTP/1.1 200 OK\r\ncontent-type: ${JSON_TYPE}\r\ncontent-length: ${text.length}\r\n\r\n${text}`,
      );
    }
    state.salt = /"cache_salt":\s*"([^"]+)"/.exec(request)?.[1] ?? state.salt;
    const { shape, encoding, isStream } = state.plan;
    const head = request.slice(0, request.indexOf('\r\n\r\n'));
    const secret = ENCODINGS[encoding]?.(`${prompt} ${state.salt} ${own} ${head.replaceAll(/\s+/g, ' ')}`);
    const parts = SHAPES[shape]?.(secret ?? Buffer.alloc(0), isStream) ?? [];
    state.sent = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
    socket.end(state.sent);
  };
  const server = createServer((socket) => {
    let request = '';
    socket.on('error', () => socket.destroy());
    socket.on('data', (piece) => {
      request += piece.toString('latin1');
      const end = request.indexOf('\r\n\r\n');
      const length = Number(/^content-length: (\d+)/im.exec(request)?.[1] ?? 0);
      if (end !== -1 && request.length >= end + 4 + length) answer(socket, request);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    own,
    get plan() {
      return state.plan;
    },
    set plan(plan) {
      state.plan = plan;
    },
    get salt() {
      return state.salt;
    },
    get sent() {
      return state.sent;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, 'close');
    },
  };
}
