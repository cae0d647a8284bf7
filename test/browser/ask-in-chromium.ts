import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { bundle } from './bundle.ts';

/** One question with the area of the conformance program that answers it. */
export interface AreaQuestion {
  readonly area: 'channel' | 'evidence';
  readonly question: { readonly id?: unknown };
}

// Without these Chromium asks its maker's servers for updates, lists and experiments.
const QUIET = [
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--disable-gpu',
];
const LIMIT = 400_000;

/** Serves the page, the questions as they are asked for, and takes the answers. */
function startServer(
  code: string,
  ask: (index: number) => AreaQuestion | undefined,
): { server: Server; answers: Promise<string> } {
  const { promise: answers, resolve } = Promise.withResolvers<string>();
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { url = '/' } = request;
    if (request.method === 'POST') {
      resolve(await text(request));
      response.end();
    } else if (url.startsWith('/questions/')) {
      const question = ask(Number(url.slice('/questions/'.length)));
      response.writeHead(question === undefined ? 404 : 200).end(JSON.stringify(question));
    } else if (url === '/page.js') response.setHeader('content-type', 'text/javascript').end(code);
    else response.setHeader('content-type', 'text/html').end('<script type="module" src="/page.js"></script>');
  };
  return { server: createServer((request, response) => void handle(request, response)), answers };
}

function start(program: string, profile: string, port: number): ChildProcess {
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const page = `http://127.0.0.1:${port}/`;
  return spawn(program, ['--headless', ...QUIET, ...root, `--user-data-dir=${profile}`, page], { stdio: 'ignore' });
}

async function failure(child: ChildProcess): Promise<never> {
  const timer = AbortSignal.timeout(LIMIT);
  const [status] = (await once(child, 'exit', { signal: timer })) as [number | null];
  throw new Error(`Chromium ended with status ${status} before it answered`);
}

/**
 * Has questions answered by the packages as a browser bundles them.
 * @param program path of Chromium; @param ask the question of this number, `undefined` after the last one
 * @returns the answers as JSON, in their order
 */
export async function askInChromium(
  program: string,
  ask: (index: number) => AreaQuestion | undefined,
): Promise<readonly string[]> {
  const { server, answers } = startServer(await bundle('test/browser/page.ts'), ask);
  const profile = await mkdtemp(join(tmpdir(), 'cloister-chromium-'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const child = start(program, profile, (server.address() as AddressInfo).port);
  try {
    return JSON.parse(await Promise.race([answers, failure(child)])) as readonly string[];
  } finally {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
    child.kill('SIGKILL');
    await ended;
    server.closeAllConnections();
    server.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
