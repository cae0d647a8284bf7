import { readFileSync, readdirSync } from 'node:fs';
import { isCloisterError, toBase64 } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { answer } from './audit.ts';

const VECTORS = new URL('../vectors/audit/', import.meta.url);

function read(path: string): string {
  return readFileSync(new URL(path, VECTORS), 'utf8');
}

/** Whether the line is accepted; anything but an error with a code fails the test. */
async function accepts(line: object): Promise<boolean> {
  try {
    return ((await answer(line)) as { ok: boolean }).ok;
  } catch (error) {
    if (isCloisterError(error)) return false;
    throw error;
  }
}

interface MerkleVector {
  readonly wantErr: boolean;
  readonly desc: string;
}

describe('conformance: audit', () => {
  it.each(['inclusion', 'consistency'])('%s', async (kind) => {
    const vectors = JSON.parse(read(`merkle/${kind}.json`)) as readonly MerkleVector[];
    const wrong: string[] = [];
    for (const vector of vectors) if ((await accepts({ kind, ...vector })) === vector.wantErr) wrong.push(vector.desc);
    expect({ wrong, count: vectors.length }).toEqual({ wrong: [], count: kind === 'inclusion' ? 61 : 52 });
  });

  it('ed25519', async () => {
    const file = JSON.parse(read('ed25519/wycheproof_ed25519_kept.json')) as {
      testGroups: { publicKey: { pk: string }; tests: { tcId: number; msg: string; sig: string; result: string }[] }[];
    };
    const cases = file.testGroups.flatMap(({ publicKey, tests }) => tests.map((test) => ({ publicKey, ...test })));
    const wrong: number[] = [];
    for (const { publicKey, tcId, msg, sig, result } of cases) {
      const line = { kind: 'ed25519', publicKey: publicKey.pk, message: msg, signature: sig };
      if ((await accepts(line)) !== (result === 'valid')) wrong.push(tcId);
    }
    expect({ wrong, count: cases.length }).toEqual({ wrong: [], count: 101 });
  });

  it('jcs', async () => {
    const lines = read('jcs-expected.jsonl').trim().split('\n');
    const wrong: string[] = [];
    for (const line of lines) {
      const { text, agree, out } = JSON.parse(line) as { text: string; agree: boolean; out?: string | null };
      const expected = agree ? (out ?? undefined) : undefined;
      const given = await answer({ kind: 'jcs', input: text }).catch(() => ({}));
      if ((given as { value?: string }).value !== expected) wrong.push(text);
    }
    expect({ wrong, count: lines.length }).toEqual({ wrong: [], count: 450 });
  });

  it('checkpoint', async () => {
    const vkey = read('tlog/vkey');
    const names = readdirSync(new URL('tlog/', VECTORS)).filter((name) => name.startsWith('checkpoint.'));
    expect(names).toHaveLength(11);
    for (const name of names) {
      const note = read(`tlog/${name}`);
      const { value } = (await answer({ kind: 'checkpoint', note, vkey })) as {
        value: { origin: string; size: number; root: string };
      };
      expect(value).toMatchObject({ origin: 'example.com/log/testdata', size: Number(name.split('.')[1]) });
      expect(note).toContain(`\n${toBase64(Uint8Array.from(Buffer.from(value.root, 'hex')))}\n`);
      expect(await accepts({ kind: 'checkpoint', note: note.replace('testdata\n', 'testdatb\n'), vkey })).toBe(false);
    }
  });

  it.each([
    {},
    { kind: 'unknown' },
    { kind: 'jcs' },
    { kind: 'inclusion', leafIdx: '0' },
    { kind: 'inclusion', leafIdx: 0, treeSize: 1, root: '*', leafHash: '' },
    { kind: 'consistency', size1: 1, size2: 2, root1: '', root2: '', proof: {} },
    { kind: 'ed25519', publicKey: 'zz', message: '', signature: '' },
    { kind: 'checkpoint', note: 'x', vkey: 'y' },
  ])('refuses a malformed line %#', async (line) => {
    expect(await accepts(line)).toBe(false);
  });
});
