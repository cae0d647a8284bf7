import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { toHex } from '@cloister/core';
import { encodeEvidenceBundle } from '@cloister/evidence';
import { afterAll, describe, expect, test } from 'vitest';
import {
  GOOGLE_2023,
  joinCollateral,
  loadBytes,
  loadPhalaV4,
  loadTrusteeDebug,
} from '../../../test/evidence/load-vectors.ts';
import { createSimulatedEvidence, NOW } from '../../../test/evidence/simulated-bundle.ts';
import { runCli } from './run-cli.ts';
import { createTerminal } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'cloister-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function file(content: string | Uint8Array): string {
  const name = join(folder, `${files++}`);
  writeFileSync(name, content);
  return name;
}

async function cli(...words: string[]): Promise<{ status: number; out: string; err: string }> {
  const text = { out: '', err: '' };
  const terminal = createTerminal(
    { stdout: { write: (part) => (text.out += part) }, stderr: { write: (part) => (text.err += part) } },
    {},
  );
  return { status: await runCli(words, terminal), ...text };
}

const json = async (...words: string[]): Promise<unknown> => JSON.parse((await cli(...words, '--json')).out);

const phala = loadPhalaV4();
const quote = file(phala.quote);
const collateral = file(JSON.stringify(phala.collateral));
const AT = ['--at', '2025-06-20T00:00:00Z'];

describe('verify quote', () => {
  test('accepts genuine evidence: the verdict on the first line, every check on its own', async () => {
    const { status, out, err } = await cli('verify', 'quote', quote, '--collateral', collateral, ...AT);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out.split('\n')[0]).toBe('ACCEPT  TDX quote, version 4');
    expect(out).toMatch(/^ {2}TCB status +UpToDate$/m);
    expect(out).toMatch(/^ {2}pass {2}quote\.signature$/m);
    expect(out).toMatch(/^ {2}skip {2}td\.service +The quote format has no MRSERVICETD\.$/m);
  });

  test.each([
    ['hex', toHex(phala.quote)],
    ['base64', Buffer.from(phala.quote).toString('base64')],
    [
      'base64 in lines',
      Buffer.from(phala.quote)
        .toString('base64')
        .replaceAll(/(.{64})/g, '$1\n'),
    ],
    ['JSON of a guest service', JSON.stringify({ quote: toHex(phala.quote), event_log: '[]' })],
  ])('reads %s', async (_name, text) => {
    expect(await json('verify', 'quote', file(text), '--collateral', collateral, ...AT)).toMatchObject({
      verdict: 'accept',
      simulated: false,
      tcbStatus: 'UpToDate',
      at: '2025-06-20T00:00:00.000Z',
    });
  });

  test('rejects with 10, with the reason and what was still found', async () => {
    const debug = loadTrusteeDebug();
    const words = ['--collateral', file(JSON.stringify(joinCollateral(GOOGLE_2023))), '--at', '2023-07-01T00:00:00Z'];
    const { status, out } = await cli('verify', 'quote', file(debug.quote), ...words);
    expect(status).toBe(10);
    expect(out.split('\n')[0]).toBe('REJECT  TDX quote, version 4');
    expect(out).toContain('ERR_EVIDENCE_TD_DEBUG');
    expect(out).toMatch(/TCB status +UpToDate/);
    expect(
      (await cli('verify', 'quote', quote, '--collateral', collateral, '--at', '2025-08-01T00:00:00Z')).status,
    ).toBe(10);
    expect((await cli('verify', 'quote', quote, ...AT)).status).toBe(10);
  });

  test.each([
    ['an SGX quote', loadBytes('phala-sgx-v3.quote.bin'), 20, 'UNSUPPORTED  Intel quote'],
    [
      'a wrapper of Azure',
      Buffer.concat([Buffer.from('HCLA'), Buffer.alloc(2000)]),
      20,
      'UNSUPPORTED  SEV-SNP report in an Azure',
    ],
    ['a remote token without form', '[["JWT", "a.b.c"], {}]', 30, 'MALFORMED  NVIDIA attestation token'],
    ['a cut GPU report', new Uint8Array([0x11, 0xe0, ...new Uint8Array(50)]), 30, 'MALFORMED  NVIDIA GPU report'],
    [
      'a report of no known version',
      Uint8Array.from({ length: 1184 }, (_, i) => (i === 0 ? 99 : 0)),
      20,
      'UNSUPPORTED  SEV-SNP report',
    ],
    ['a cut quote', phala.quote.subarray(0, 700), 30, 'MALFORMED  Intel quote'],
    ['text', 'nothing of the kind', 30, 'MALFORMED  unknown'],
    ['nothing', '', 30, 'MALFORMED  unknown'],
    ['JSON of another kind', '{"a":1}', 30, 'MALFORMED  unknown'],
    ['JSON that repeats a name', '{"quote":"00","quote":"01"}', 30, 'MALFORMED  unknown'],
    ['a bundle that is none', '{"keyset":1,"cpu":2}', 30, 'MALFORMED  evidence bundle'],
  ])('%s', async (_name, content, status, first) => {
    const answer = await cli('verify', 'quote', file(content), '--collateral', collateral, ...AT);
    expect(answer.status).toBe(status);
    expect(answer.out.startsWith(first)).toBe(true);
  });

  test('shows what control characters a file holds as question marks', async () => {
    const { out } = await cli('verify', 'quote', file('[{"evidence":"\\u001b[2J","certificate":""}]'));
    // eslint-disable-next-line no-control-regex -- the characters in question
    expect(out).not.toMatch(/[\u001b\u009b]/);
  });
});

describe('verify quote with a policy', () => {
  const pins = (mrTd: string): string =>
    `tee: tdx\ndeployment: '${'07'.repeat(32)}'\nworkload:\n${['mrTd', 'rtmr0', 'rtmr1', 'rtmr2', 'rtmr3']
      .map((pin) => `  ${pin}: '${pin === 'mrTd' ? mrTd : measured[pin]}'\n`)
      .join('')}`;
  let measured: Record<string, string> = {};

  test('compares the pins of a bare quote, and says what it cannot see', async () => {
    const words = ['verify', 'quote', quote, '--collateral', collateral, ...AT];
    measured = ((await json(...words)) as { fields: Record<string, string> }).fields;
    const good = await cli(...words, '--policy', file(pins(measured['mrTd'] ?? '')));
    expect(good.status).toBe(0);
    expect(good.out).toMatch(/^ {2}skip {2}pin\.deployment +A bare quote does not name it/m);
    const bad = await cli(...words, '--policy', file(pins('ab'.repeat(48))));
    expect(bad.status).toBe(10);
    expect(bad.out).toMatch(/^ {2}fail {2}pin\.mrTd /m);
  });

  test.each([
    ['an unknown member', 'tee: tdx\ndebug: true\n'],
    ['no pins', `tee: tdx\nworkload: {}\ndeployment: ${'07'.repeat(32)}\n`],
    ['a repeated key', 'tee: tdx\ntee: tdx\n'],
    ['an alias', 'a: &x [1]\nb: *x\n'],
    ['two documents', 'a: 1\n---\nb: 2\n'],
  ])('refuses a policy with %s', async (_name, text) => {
    expect((await cli('verify', 'quote', quote, '--policy', file(text))).status).toBe(2);
  });

  test('appraises a whole bundle, under test roots, and says SIMULATED', async () => {
    const { bundle, policy, roots, at } = await simulated();
    const judge = async (...words: string[]): ReturnType<typeof cli> =>
      cli('verify', 'quote', file(bundle), '--at', at, ...words);
    const trusting = ['--roots', file(roots), '--policy'];
    const good = await judge(...trusting, file(JSON.stringify({ policy })));
    expect(good.out.split('\n')[0]).toBe('ACCEPT  evidence bundle  SIMULATED');
    expect(good.status).toBe(0);
    expect((await judge('--policy', file(JSON.stringify(policy)))).status).toBe(10);
    const wrong = await judge(...trusting, file(JSON.stringify({ ...policy, deployment: 'ab'.repeat(32) })));
    expect(wrong.status).toBe(10);
    expect(wrong.out).toContain('ERR_EVIDENCE_DEPLOYMENT_MISMATCH');
  });

  test('judges only the quote of a bundle without a policy', async () => {
    const { bundle, roots, at } = await simulated();
    const { status, out } = await cli('verify', 'quote', file(bundle), '--at', at, '--roots', file(roots));
    expect(status).toBe(0);
    expect(out).toMatch(/^ {2}skip {2}bundle +Not judged without --policy/m);
  });
});

describe('doctor', () => {
  test('says what is there and what a hardened process would refuse', async () => {
    const { out } = await cli('doctor');
    expect(out).toMatch(/^seen +node +v\d+/m);
    expect(out).toMatch(/^(?:seen|absent) +guest\.configfs-tsm +/m);
    process.env['SSLKEYLOGFILE'] = 'keys.log';
    const { status, out: text } = await cli('doctor');
    delete process.env['SSLKEYLOGFILE'];
    expect(status).toBe(10);
    expect(text).toMatch(/^refused +env\.tls-keylog +SSLKEYLOGFILE$/m);
  });
});

describe('the command line', () => {
  test.each([
    [[], 2],
    [['--help'], 0],
    [['verify'], 2],
    [['verify', '--help'], 0],
    [['help', 'verify', 'quote'], 0],
    [['--version'], 0],
    [['verify', 'quote', '--help'], 0],
    [['verify', 'quote'], 2],
    [['verify', 'quote', 'a', 'b'], 2],
    [['verify', 'quote', 'a', '--nothing'], 2],
    [['verify', 'quote', 'a', '--at', 'x', '--at', 'y'], 2],
    [['verify', 'quote', quote, '--at', 'yesterday'], 2],
    [['verify', 'quote', quote, '--at', '2025-02-30T00:00:00Z'], 2],
    [['verify', 'quote', quote, '--roots', quote], 2],
    [['verify', 'quote', join(folder, 'missing')], 1],
    [['verify', 'quote', folder], 1],
  ])('%j ends with %i', async (words, status) => {
    expect((await cli(...words)).status).toBe(status);
  });

  test.each([
    [['sign'], 'COMMAND_UNKNOWN', 'sign'],
    [['verify', 'nothing'], 'COMMAND_UNKNOWN', 'verify nothing'],
    [['verify', 'quote'], 'OPERAND_MISSING', 'FILE'],
    [['verify', 'quote', 'a', 'b'], 'OPERAND_EXTRA', 'b'],
    [['audit', 'prove', 'a', 'last', '--key', 'k'], 'OPERAND_VALUE', 'INDEX'],
    [['verify', 'quote', 'a', '--nothing'], 'OPTION_UNKNOWN', '--nothing'],
    [['verify', 'quote', 'a', '--at'], 'OPTION_VALUE', '--at'],
    [['verify', 'quote', 'a', '--at', '--roots'], 'OPTION_VALUE', '--at'],
    [['verify', 'quote', 'a', '--json=1'], 'OPTION_VALUE', '--json'],
    [['verify', 'quote', 'a', '--at', 'x', '--at=y'], 'OPTION_REPEATED', '--at'],
    [['audit', 'verify', 'a'], 'OPTION_MISSING', '--key'],
    [['attest', 'http://localhost', '--constructor', 'x'], 'OPTION_UNKNOWN', '--constructor'],
  ])('%j: says what is wrong, and where', async (words, code, subject) => {
    const { status, err } = await cli(...words);
    expect(status).toBe(2);
    expect(err).toContain(`(${subject})`);
    expect(err).toContain(`ERR_CLI_${code}`);
  });

  test('lists the commands that begin with a word', async () => {
    const { out } = await cli('audit', '--help');
    expect(out).toContain('audit prove DIRECTORY INDEX');
    expect(out).not.toContain('attest');
  });

  test('prints errors as JSON when asked, with a fix', async () => {
    const answer = await json('verify', 'quote', join(folder, 'missing'));
    expect(answer).toMatchObject({ error: { code: 'ERR_CLI_FILE_UNREADABLE', fix: expect.any(String) as string } });
  });

  test.each([
    [{}, true, true],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ TERM: 'dumb' }, true, false],
    [{}, false, false],
  ])('colours with %j on a TTY %s: %s', (environment, isTTY, coloured) => {
    const terminal = createTerminal(
      { stdout: { isTTY, write: () => true }, stderr: { write: () => true } },
      environment,
    );
    expect(terminal.paint('good', 'x') !== 'x').toBe(coloured);
  });
});

async function simulated(): Promise<{ bundle: string; policy: object; roots: string; at: string }> {
  const { tee, bundle, policy } = await createSimulatedEvidence();
  const roots = { intel: tee.roots.intel.map((root) => Buffer.from(root).toString('base64')) };
  const at = new Date(NOW).toISOString();
  return { bundle: encodeEvidenceBundle(bundle), policy, roots: JSON.stringify({ roots }), at };
}
