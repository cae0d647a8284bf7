import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { inspectProcess } from './inspect-process.ts';

const HARDEN = new URL('index.ts', import.meta.url).href;
const PRINT = `import { readFileSync } from 'node:fs'; import inspector from 'node:inspector';
  const filter = process.platform === 'linux' ? readFileSync('/proc/self/coredump_filter', 'utf8').trim() : '00000000';`;

interface Result {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

interface Start {
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly isHardened?: boolean;
}

function start(code: string, { flags = [], env = {}, isHardened = true }: Start = {}): ChildProcess {
  const program = `${isHardened ? `await import(${JSON.stringify(HARDEN)});` : ''}${code}`;
  return spawn(process.execPath, [...flags, '--input-type=module', '-e', program], {
    env: { PATH: process.env['PATH'], ...env } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function run(code: string, how?: Start): Promise<Result> {
  const child = start(code, how);
  const text = { out: '', err: '' };
  child.stdout?.on('data', (part) => (text.out += String(part)));
  child.stderr?.on('data', (part) => (text.err += String(part)));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, ...text };
}

describe('a hardened process', () => {
  it('has a filter for core dumps and no telemetry', async () => {
    const { out, status } = await run(`${PRINT} console.log(filter, process.env.ORT_DISABLE_TELEMETRY);`);
    expect({ out, status }).toEqual({ out: '00000000 1\n', status: 0 });
  });

  it.runIf(process.platform === 'linux').each([
    [true, 'undefined'],
    [false, 'ws:'],
  ])('opens no inspector on a signal (hardened %s)', async (isHardened, answer) => {
    // The inspector's port is a free one: the flag that sets it is given to the control alone.
    const flags = isHardened ? [] : ['--inspect-port=127.0.0.1:0'];
    const code = `import inspector from 'node:inspector';
      process.kill(process.pid, 'SIGUSR1');
      const until = Date.now() + (${isHardened} ? 500 : 10000);
      const timer = setInterval(() => {
        if (inspector.url() === undefined && Date.now() < until) return;
        console.log(String(inspector.url())); clearInterval(timer); process.exit(0);
      }, 20);`;
    expect((await run(code, { isHardened, flags })).out).toContain(answer);
  });

  it.each([
    [{ flags: ['--report-on-fatalerror'] }, '--report-on-fatalerror'],
    [{ flags: ['--heapsnapshot-signal=SIGUSR2'] }, '--heapsnapshot-signal'],
    [{ flags: ['--tls-keylog=/dev/null'] }, '--tls-keylog'],
    [{ flags: ['--inspect-port=0'] }, '--inspect-port'],
    [{ env: { NODE_OPTIONS: '--report-on-signal' } }, '--report-on-signal'],
    [{ env: { NODE_DEBUG: 'http' } }, 'NODE_DEBUG'],
    [{ env: { SSLKEYLOGFILE: '/dev/null' } }, 'SSLKEYLOGFILE'],
    [{ env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } }, 'NODE_TLS_REJECT_UNAUTHORIZED'],
    [{ env: { https_proxy: 'http://127.0.0.1:1' } }, 'https_proxy'],
    [{ env: { LD_LIBRARY_PATH: '/nowhere' } }, 'LD_LIBRARY_PATH'],
    [{ env: { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true' } }, 'CAPTURE_MESSAGE_CONTENT'],
  ])('does not start with %j', async (how, subject) => {
    const { status, out, err } = await run(`console.log('started');`, how);
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toContain('ERR_HOST_PROCESS_UNSAFE');
    expect(err).toContain(subject);
    expect((await run(`console.log('started');`, { ...how, isHardened: false })).out).toBe('started\n');
  });

  it('warns of what its owner has to judge', async () => {
    const { status, err } = await run('', { env: { NODE_EXTRA_CA_CERTS: '/dev/null' } });
    expect(status).toBe(0);
    expect(err).toContain('env.extra-ca: NODE_EXTRA_CA_CERTS');
  });
});

describe('what is found', () => {
  const facts = { execArgv: ['--import', 'x.mjs'], env: { HTTP_PROXY: 'http://p', NODE_DEBUG: 'tls' } };

  it('is refused or warned about by the class of the data', () => {
    const actions = (classification: Parameters<typeof inspectProcess>[1]): readonly string[] =>
      inspectProcess(facts, classification).map(({ action, subject }) => `${action} ${subject}`);
    expect(actions('restricted')).toEqual(['warn --import', 'refuse NODE_DEBUG', 'refuse HTTP_PROXY']);
    expect(actions('confidential')).toEqual(['warn --import', 'refuse NODE_DEBUG', 'warn HTTP_PROXY']);
    expect(actions('public')).toEqual(['warn --import', 'warn NODE_DEBUG', 'warn HTTP_PROXY']);
  });

  it('never holds a value, and empty or harmless values are not found', () => {
    const env = { SSLKEYLOGFILE: 'secret.log', NODE_DEBUG: '', NODE_TLS_REJECT_UNAUTHORIZED: '1' };
    const found = inspectProcess(
      { execArgv: ['--tls-keylog=secret.log'], env, inspectorUrl: 'ws://secret' },
      'restricted',
    );
    expect(found.map(({ id }) => id)).toEqual(['inspector.open', 'flag.tls-keylog', 'env.tls-keylog']);
    expect(JSON.stringify(found)).not.toContain('secret');
  });
});
