import { readFileSync } from 'node:fs';
import { fromBase64, systemRandom, toBase64, utf8 } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { createEd25519Signer } from '../create-ed25519-signer.ts';
import type { Ed25519Signer } from '../create-ed25519-signer.ts';
import { createMerkleTree } from '../merkle/create-merkle-tree.ts';
import { leafHash } from '../merkle/hash.ts';
import { createCheckpoint, verifyCheckpoint } from './checkpoint.ts';
import { parseNote } from './parse-note.ts';
import { createVerifierKey, encodeVerifierKey, parseVerifierKey } from './verifier-key.ts';
import { verifyNote } from './verify-note.ts';

const VECTORS = new URL('../../../../test/vectors/audit/tlog/', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, VECTORS), 'utf8');
const code = (name: string): unknown => expect.objectContaining({ code: name });

const name = 'example.com/log';
const signer = await createEd25519Signer();
const key = createVerifierKey(name, signer.publicKey);
const body = `${name}\n3\n${toBase64(systemRandom(32))}\n`;

async function line(text: string, by: Ed25519Signer = signer, as = name): Promise<string> {
  const { id } = createVerifierKey(as, by.publicKey);
  return `— ${as} ${toBase64(Uint8Array.from([...id, ...(await by.sign(utf8(text)))]))}\n`;
}

const note = async (text: string): Promise<string> => `${text}\n${await line(text)}`;

describe('verifier keys', () => {
  it('go out and in, and match published ones', () => {
    expect(parseVerifierKey(encodeVerifierKey(key))).toEqual(key);
    for (const text of [read('vkey'), 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k']) {
      expect(encodeVerifierKey(parseVerifierKey(text))).toBe(text.trim());
    }
  });

  it.each([
    '',
    'a+b',
    'a+00000000+AAAA',
    `a b+00000000+${'A'.repeat(44)}`,
    `a+00000000+${'A'.repeat(44)}`,
    'x'.repeat(2000),
  ])('refuse %j', (text) => {
    expect(() => parseVerifierKey(text)).toThrow(code('ERR_AUDIT_KEY'));
  });

  it('refuse a wrong hash, another algorithm and names that cannot be one', () => {
    const text = encodeVerifierKey(key);
    expect(() => parseVerifierKey(text.replace(/\+[0-9a-f]{8}\+/, '+00000000+'))).toThrow(code('ERR_AUDIT_KEY'));
    expect(() => parseVerifierKey(text.replace(/^([^+]+\+[0-9a-f]{8}\+)A/, '$1B'))).toThrow(code('ERR_AUDIT_KEY'));
    for (const bad of ['', 'a b', 'a+b', 'a\u00a0b', 'a\nb', '\ud800']) {
      expect(() => createVerifierKey(bad, signer.publicKey)).toThrow(code('ERR_AUDIT_KEY'));
    }
  });
});

describe('checkpoints', () => {
  it.each(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '15'])(
    'of a published log verify, root and all (%s)',
    async (size) => {
      const checkpoint = await verifyCheckpoint(read(`checkpoint.${size}`), parseVerifierKey(read('vkey')));
      const tree = createMerkleTree();
      const tile = size === '0' ? new Uint8Array(0) : readFileSync(new URL(`tile/0/000.p/${size}`, VECTORS));
      for (let at = 0; at < tile.length; at += 32) tree.append(Uint8Array.from(tile.subarray(at, at + 32)));
      expect(checkpoint).toEqual({ origin: 'example.com/log/testdata', size: Number(size), root: tree.root() });
    },
  );

  it('go out and in', async () => {
    const root = systemRandom(32);
    const signed = await createCheckpoint({ origin: name, size: 7, root }, signer);
    expect(await verifyCheckpoint(signed, key)).toEqual({ origin: name, size: 7, root });
    expect(signed).toBe(await note(`${name}\n7\n${toBase64(root)}\n`));
  });

  it('hash the published entries to the published leaves', () => {
    const bundle = readFileSync(new URL('tile/entries/000.p/15', VECTORS));
    const tile = readFileSync(new URL('tile/0/000.p/15', VECTORS));
    for (let at = 0, index = 0; at < bundle.length; index++) {
      const end = at + 2 + bundle.readUInt16BE(at);
      expect(Buffer.from(leafHash(bundle.subarray(at + 2, end)))).toEqual(tile.subarray(32 * index, 32 * index + 32));
      at = end;
    }
  });

  it('are refused under another key, origin or body', async () => {
    const good = await note(body);
    const stranger = createVerifierKey(name, (await createEd25519Signer()).publicKey);
    await expect(verifyCheckpoint(good, stranger)).rejects.toEqual(code('ERR_AUDIT_NOTE_SIGNATURE'));
    await expect(verifyCheckpoint(good, key, { origin: 'other' })).rejects.toEqual(code('ERR_AUDIT_CHECKPOINT'));
    const root = toBase64(systemRandom(32));
    for (const bad of [
      `other\n3\n${root}\n`,
      `${name}\n03\n${root}\n`,
      `${name}\n-1\n${root}\n`,
      `${name}\n3\nAAAA\n`,
      `${name}\n3\n`,
      `${name}\n9007199254740992\n${root}\n`,
      `${name}\n3\n${root}\n\nx\n`,
    ]) {
      await expect(verifyCheckpoint(await note(bad), key)).rejects.toEqual(code('ERR_AUDIT_CHECKPOINT'));
    }
    expect(await verifyCheckpoint(await note(`${body}extension\n`), key)).toMatchObject({ size: 3 });
  });
});

describe('signed notes', () => {
  it('end their text at the last empty line', async () => {
    const text = 'one\n\ntwo\n';
    expect(await verifyNote(await note(text), key)).toBe(text);
    expect(parseNote(await note(text)).text).toBe(text);
  });

  it('ignore other keys, also of the same name or id, and accept at least 16 signatures', async () => {
    const others = await Promise.all(Array.from({ length: 16 }, async () => line(body, await createEd25519Signer())));
    const sameId = `— other ${(await line(body)).split(' ')[2] ?? ''}`;
    expect(await verifyNote(`${body}\n${others.join('')}${sameId}${await line(body)}`, key)).toBe(body);
    await expect(verifyNote(`${body}\n${others.join('')}`, key)).rejects.toEqual(code('ERR_AUDIT_NOTE_SIGNATURE'));
  });

  it('are refused as a whole when one signature of the key is wrong', async () => {
    const wrong = await line('another text\n');
    for (const lines of [`${await line(body)}${wrong}`, `${wrong}${await line(body)}`]) {
      await expect(verifyNote(`${body}\n${lines}`, key)).rejects.toEqual(code('ERR_AUDIT_NOTE_SIGNATURE'));
    }
  });

  it('compare the name as a whole', async () => {
    const longer = createVerifierKey(`${name}/more`, signer.publicKey);
    await expect(verifyNote(await note(body), longer)).rejects.toEqual(code('ERR_AUDIT_NOTE_SIGNATURE'));
  });

  it('must have exactly this form', async () => {
    const good = await note(body);
    const bad = [
      '', '\n', body, `${body}\n`, good.slice(0, -1), `${good}\n`, good.replace('— ', '- '), good.replace('\n\n', '\n'), good.replace('3', '3\t'),
      good.replace('3', '3\r'), good.replace('3', '\u0000'), good.replace('— ', '—  '), `${good}— a b\n`, `${good}— a AAAA\n`, `${good}x\n`, `${good}— a+b AAAAAAAA\n`,
      `${body}\n${(await line(body)).repeat(101)}`, `\ud800${good}`, `x${good.repeat(20_000)}`,
    ]; // prettier-ignore
    for (const text of bad) expect(() => parseNote(text)).toThrow(code('ERR_AUDIT_NOTE'));
  });
});

describe('Ed25519', () => {
  it('has the public key of RFC 8032 section 7.1, test 1, and its signature', async () => {
    const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
    const seeded = await createEd25519Signer(hex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'));
    expect(seeded.publicKey).toEqual(hex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'));
    expect(await seeded.sign(new Uint8Array(0))).toEqual(
      hex(
        'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
      ),
    );
    await expect(createEd25519Signer(new Uint8Array(31))).rejects.toEqual(code('ERR_AUDIT_KEY'));
    expect(fromBase64(toBase64(seeded.publicKey))).toEqual(seeded.publicKey);
  });
});
