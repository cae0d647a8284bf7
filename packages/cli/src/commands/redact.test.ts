import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'cloister-redact-'));
afterAll(() => rmSync(folder, { recursive: true }));

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const [vault, key, otherKey, names] = ['vault', 'key', 'other-key', 'names'].map((name) => join(folder, name)) as [
  string, string, string, string,
]; // prettier-ignore
writeFileSync(key, new Uint8Array(32).fill(7));
writeFileSync(otherKey, `${'08'.repeat(32)}\n`);
writeFileSync(names, 'Maria Kowalski\n');

function cli(input: string | Uint8Array, ...words: string[]): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...words], { input });
  return { status, out: stdout.toString(), err: stderr.toString() };
}

const kept = ['--vault', vault, '--key', key];
const NOTE = 'Maria Kowalski wrote\t to jo@example.org.\r\nTyped: [[EMAIL_k7q2m3x]]';

describe('redact and restore', () => {
  it('mask a text and bring it back exactly, through a sealed vault', () => {
    const masked = cli(NOTE, 'redact', ...kept, '--names', names);
    expect(masked.status).toBe(0);
    expect(masked.out).toMatch(
      /^\[\[PERSON_\w{7}\]\] wrote\t to \[\[EMAIL_\w{7}\]\]\.\r\nTyped: \[\[LITERAL_\w{7}\]\]$/,
    );
    expect(JSON.parse(masked.err)).toEqual({ types: { PERSON: 1, EMAIL: 1 }, unverified: {}, escaped: 1, values: 3 });
    expect(readFileSync(vault, 'latin1')).not.toMatch(/Kowalski|jo@/);
    expect(statSync(vault).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toHaveLength(4);
    expect(cli(masked.out, 'restore', '--exact', ...kept)).toEqual({ status: 0, out: NOTE, err: '' });
    const again = cli('To JO@example.org', 'redact', ...kept);
    const id = /EMAIL_(\w{7})/.exec(masked.out)?.[1] ?? 'none';
    expect(again.out).toBe(`To [[EMAILB_${id}]]`);
    const answer = cli(`[[EMAIL_${id}]] [x](https://x.example/[[EMAIL_${id}]]) [[EMAIL_zzzzzz9]]`, 'restore', ...kept);
    expect(answer.out).toBe(`jo@example.org [x](https://x.example/[[EMAIL_${id}]]) [[EMAIL_zzzzzz9]]`);
    expect(JSON.parse(answer.err)).toMatchObject({ restored: 1, inLinks: 1, unknown: 1 });
  });

  it('mask JSON lines and restore them for a clearance', () => {
    const lines = '{"name":"Maria Kowalski","n":1}\n\n{"a":["jo@example.org"],"b":"plain"}\n';
    const file = ['--vault', join(folder, 'lines'), '--key', key];
    const report = join(folder, 'report.json');
    const words = ['redact', '--jsonl', '--label', 'confidential', '--report', report, ...file];
    const masked = cli(lines, ...words);
    expect([masked.status, masked.err]).toEqual([0, '']);
    expect(masked.out).toMatch(/^{"name":"\[\[PERSON_\w{7}]]","n":1}\n\n{"a":\["\[\[EMAIL_\w{7}]]"],"b":"plain"}\n$/);
    expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({ types: { PERSON: 1, EMAIL: 1 } });
    expect(cli(masked.out, 'restore', '--jsonl', '--clearance', 'confidential', ...file).out).toBe(lines);
    expect(cli(masked.out, 'restore', '--jsonl', '--clearance', 'internal', ...file).out).toBe(masked.out);
    expect(cli(masked.out, 'restore', '--jsonl', '--exact', '--clearance', 'restricted', ...file).out).toBe(lines);
  });

  it('print one document with --json, and replace the wanted types only', () => {
    const { out, err } = cli('jo@example.org 2026-01-31', 'redact', '--types', 'EMAIL,URL', '--json');
    expect(err).toBe('');
    expect(JSON.parse(out)).toMatchObject({
      text: expect.stringMatching(/]] 2026-01-31$/) as string,
      report: { types: { EMAIL: 1 } },
    });
  });

  it.each([
    ['another key', '', ['restore', '--vault', vault, '--key', otherKey], 'ERR_REDACTION_VAULT_SEALED', 1],
    ['another session', '', ['restore', ...kept, '--session', 'b'], 'ERR_REDACTION_VAULT_SEALED', 1],
    ['a key of another length', '', ['redact', '--vault', vault, '--key', names], 'ERR_CLI_KEY_FILE', 1],
    ['no vault to restore from', '', ['restore', '--vault', join(folder, 'none'), '--key', key], 'ERR_CLI_FILE_UNREADABLE', 1],
    ['a vault without a key', '', ['redact', '--vault', vault], 'ERR_CLI_OPTION_MISSING', 2],
    ['JSON lines without a clearance', '', ['restore', '--jsonl', ...kept], 'ERR_CLI_OPTION_MISSING', 2],
    ['a type that is none', '', ['redact', '--types', 'NAME'], 'ERR_CLI_OPTION_VALUE', 2],
    ['a class that is none', '', ['redact', '--label', 'secret'], 'ERR_CLI_OPTION_VALUE', 2],
    ['bytes that are no text', Uint8Array.of(0x6a, 0xff), ['redact'], 'ERR_CLI_FILE_ENCODING', 1],
    ['a line that is no JSON', '{}\n{"to":jo@example.org}', ['redact', '--jsonl'], 'ERR_CLI_JSONL_LINE line=2', 1],
    ['a folder that is not there', 'jo@example.org', ['redact', '--vault', join(folder, 'no', 'v'), '--key', key], 'ERR_CLI_FILE_UNWRITABLE', 1],
  ])('refuse %s, and print nothing of the text', (_name, input, words, code, status) => {
    const answer = cli(input, ...words);
    expect(answer.err).toContain(code);
    expect([answer.status, answer.out]).toEqual([status, '']);
    expect(answer.err).not.toContain('jo@');
  }); // prettier-ignore
});
