import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256, systemRandom, toHex, utf8 } from '@cloister/core';
import { afterAll, describe, expect, it } from 'vitest';
import { createTenancy } from '../create-tenancy.ts';
import { deriveSubkey } from '../derive-subkey.ts';
import { assertPrincipal } from '../unsafe/index.ts';
import { localBroker } from './local-broker.ts';
import type { LocalBroker } from './local-broker.ts';

const scratch = mkdtempSync(join(tmpdir(), 'cloister-broker-'));
afterAll(() => rmSync(scratch, { recursive: true }));

let counter = 0;
const newDirectory = (): string => join(scratch, String(counter++));
const keysIn = (directory: string): string[] => readdirSync(directory).filter((name) => name.endsWith('.key'));
const key = systemRandom(32);
const context = utf8('context');
const code = (name: string): unknown => expect.objectContaining({ code: name });

function newBroker(directory: string = newDirectory()): LocalBroker {
  return localBroker(directory, { key });
}

describe('localBroker', () => {
  it('wraps and unwraps, each time with another nonce', async () => {
    const broker = newBroker();
    const secret = systemRandom(32);
    const [one, two] = [await broker.wrap(secret, context), await broker.wrap(secret, context)];
    expect(one).not.toEqual(two);
    expect(await broker.unwrap(one, context)).toEqual(secret);
    expect(await broker.unwrap(two, context)).toEqual(secret);
    await expect(broker.wrap(new Uint8Array(31), context)).rejects.toEqual(code('ERR_TENANCY_NOT_A_KEY'));
  });

  it('refuses every changed byte, every cut, another context and another key', async () => {
    const broker = newBroker();
    const wrapped = await broker.wrap(systemRandom(32), context);
    for (let at = 0; at < wrapped.length; at++) {
      const changed = Uint8Array.from(wrapped);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await expect(broker.unwrap(changed, context)).rejects.toEqual(code('ERR_TENANCY_TAMPERED'));
      await expect(broker.unwrap(wrapped.subarray(0, at), context)).rejects.toEqual(code('ERR_TENANCY_TAMPERED'));
    }
    await expect(broker.unwrap(wrapped, utf8('other'))).rejects.toEqual(code('ERR_TENANCY_TAMPERED'));
    const stranger = localBroker(newDirectory(), { key: systemRandom(32) });
    await expect(stranger.unwrap(wrapped, context)).rejects.toEqual(code('ERR_TENANCY_TAMPERED'));
  });

  it('stores the first value of 20 concurrent writers, durably and for all of them', async () => {
    const directory = newDirectory();
    const writers = Array.from({ length: 20 }, (_, index) =>
      newBroker(directory).putIfAbsent('name', Uint8Array.of(1 + index)),
    );
    const stored = await Promise.all(writers);
    expect(new Set(stored.map(toHex)).size).toBe(1);
    expect(await newBroker(directory).get('name')).toEqual(stored[0]);
    expect(keysIn(directory)).toHaveLength(1);
    expect(readdirSync(join(directory, 'unfinished'))).toEqual([]);
  });

  it('keeps files and directory to the owner and their names to itself', async () => {
    const directory = newDirectory();
    const tenancy = createTenancy({ broker: newBroker(directory) });
    const claims = {
      issuer: 'i',
      tenant: 'st-mary',
      subject: 's',
      groups: [],
      clearance: 'public',
      compartments: [],
      purpose: 'p',
    } as const;
    await tenancy.tenant(assertPrincipal(claims));
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, 'unfinished')).mode & 0o777).toBe(0o700);
    const names = keysIn(directory);
    expect(names).toHaveLength(2);
    for (const name of names) {
      expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
      expect(name).toMatch(/^[0-9a-f]{32}\.key$/);
      expect(readFileSync(join(directory, name), 'latin1')).not.toContain('st-mary');
    }
    const guesses = ['st-mary', 'ist-mary'].flatMap((guess) => [guess, toHex(sha256(utf8(guess))).slice(0, 32)]);
    for (const guess of guesses) expect(names.join()).not.toContain(guess);
    const otherDirectory = newDirectory();
    await createTenancy({ broker: localBroker(otherDirectory, { key: systemRandom(32) }) }).tenant(
      assertPrincipal(claims),
    );
    expect(readdirSync(otherDirectory).filter((name) => names.includes(name))).toEqual([]);
  });

  it('refuses a stored key that was altered or moved to another tenant', async () => {
    const directory = newDirectory();
    const claims = {
      issuer: 'i',
      tenant: 'a',
      subject: 's',
      groups: [],
      clearance: 'public',
      compartments: [],
      purpose: 'p',
    } as const;
    const open = (tenant: string): Promise<unknown> =>
      createTenancy({ broker: newBroker(directory) }).tenant(assertPrincipal({ ...claims, tenant }));
    await open('a');
    const [ofA = ''] = keysIn(directory);
    const bytes = readFileSync(join(directory, ofA));
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    writeFileSync(join(directory, ofA), bytes);
    await expect(open('a')).rejects.toEqual(code('ERR_TENANCY_TAMPERED'));
    await open('b');
    const ofB = keysIn(directory).filter((name) => name !== ofA);
    renameSync(join(directory, ofB[0] ?? ''), join(directory, ofA));
    await expect(open('a')).rejects.toEqual(code('ERR_TENANCY_TAMPERED'));
  });

  it('tightens a directory of its own and refuses one that holds something else', async () => {
    const empty = newDirectory();
    mkdirSync(empty, { mode: 0o755 });
    await newBroker(empty).putIfAbsent('name', Uint8Array.of(1));
    chmodSync(empty, 0o755);
    await newBroker(empty).get('name');
    expect(statSync(empty).mode & 0o777).toBe(0o700);
    const foreign = newDirectory();
    mkdirSync(foreign, { mode: 0o755 });
    writeFileSync(join(foreign, 'notes.txt'), '');
    await expect(newBroker(foreign).get('name')).rejects.toEqual(code('ERR_TENANCY_KEY_STORE'));
    await expect(newBroker(join(foreign, 'notes.txt')).get('name')).rejects.toEqual(code('ERR_TENANCY_KEY_STORE'));
  });

  it('says so when the stored value or description is not ours', async () => {
    const directory = newDirectory();
    const broker = newBroker(directory);
    await broker.putIfAbsent('name', Uint8Array.of(1));
    const [file = ''] = keysIn(directory);
    writeFileSync(join(directory, file), new Uint8Array(5000));
    await expect(broker.get('name')).rejects.toEqual(code('ERR_TENANCY_TAMPERED'));
    writeFileSync(join(directory, 'kek-1.json'), '{"v":2,"derivation":{"name":"scrypt","n":1073741824,"r":8,"p":1}}');
    await expect(newBroker(directory).get('name')).rejects.toEqual(code('ERR_TENANCY_TAMPERED'));
  });

  it('does nothing once closed', async () => {
    const broker = newBroker();
    await broker.get('name');
    await broker.close();
    await expect(broker.wrap(systemRandom(32), context)).rejects.toEqual(code('ERR_TENANCY_CLOSED'));
    await expect(broker.get('name')).rejects.toEqual(code('ERR_TENANCY_CLOSED'));
  });
});

describe('the secret', () => {
  it('must be the one that the directory was made with', async () => {
    const directory = newDirectory();
    const passphrase = 'correct horse battery staple';
    const wrapped = await localBroker(directory, { passphrase }).wrap(systemRandom(32), context);
    expect(await localBroker(directory, { passphrase }).unwrap(wrapped, context)).toHaveLength(32);
    for (const wrong of [{ passphrase: 'correct horse battery stapler' }, { key }]) {
      await expect(localBroker(directory, wrong).get('name')).rejects.toEqual(code('ERR_TENANCY_WRONG_KEK'));
    }
    expect(readFileSync(join(directory, 'kek-1.json'), 'utf8')).toMatch(/"n":131072.*"salt":"[A-Za-z0-9_-]{22}"/);
  });

  it('may be typed composed or decomposed', async () => {
    const directory = newDirectory();
    await localBroker(directory, { passphrase: 'caf\u00e9 caf\u00e9' }).get('name');
    await expect(localBroker(directory, { passphrase: 'cafe\u0301 cafe\u0301' }).get('name')).resolves.toBeUndefined();
  });

  it('must be a raw key of its own directory', async () => {
    const directory = newDirectory();
    await newBroker(directory).get('name');
    const wrong = [{ key: systemRandom(32) }, { passphrase: 'correct horse battery staple' }];
    for (const secret of wrong) {
      await expect(localBroker(directory, secret).get('name')).rejects.toEqual(code('ERR_TENANCY_WRONG_KEK'));
    }
  });

  it('cannot be short', async () => {
    for (const secret of [{ key: new Uint8Array(16) }, { passphrase: 'short' }, { passphrase: '' }]) {
      await expect(localBroker(newDirectory(), secret).get('name')).rejects.toEqual(code('ERR_TENANCY_KEK'));
    }
  });

  it('opens nothing after the stored parameters were weakened', async () => {
    const directory = newDirectory();
    const passphrase = 'correct horse battery staple';
    await localBroker(directory, { passphrase }).get('name');
    const path = join(directory, 'kek-1.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('131072', '16384'));
    await expect(localBroker(directory, { passphrase }).get('name')).rejects.toEqual(code('ERR_TENANCY_WRONG_KEK'));
  });
});

describe('another key-encryption key', () => {
  const claims = {
    issuer: 'i',
    subject: 's',
    groups: [],
    clearance: 'public',
    compartments: [],
    purpose: 'p',
  } as const;
  const [first, second, third] = [systemRandom(32), systemRandom(32), systemRandom(32)];
  const payloadOf = async (broker: LocalBroker, tenant = 'a'): Promise<string> => {
    const tenancy = createTenancy({ broker });
    const entered = await tenancy.tenant(assertPrincipal({ ...claims, tenant }));
    const subkey = toHex(await deriveSubkey(entered, 'payload'));
    await tenancy.close();
    return subkey;
  };
  const generations = (directory: string): readonly number[] =>
    keysIn(directory)
      .map((name) => readFileSync(join(directory, name)))
      .filter(({ length }) => length === 79)
      .map((bytes) => bytes.readUInt32BE(3))
      .toSorted((left, right) => left - right);

  it('takes a directory over: the former secret is not needed again, and keys are wrapped anew when they are used', async () => {
    const directory = newDirectory();
    const old = localBroker(directory, { key: first });
    const keys = [await payloadOf(old, 'a'), await payloadOf(old, 'b')];
    const names = keysIn(directory);
    const taking = localBroker(directory, { key: second }, { former: { key: first } });
    expect(await payloadOf(taking, 'a')).toBe(keys[0]);
    expect(generations(directory)).toEqual([1, 1, 2, 2]);
    const later = localBroker(directory, { key: second });
    expect([await payloadOf(later, 'a'), await payloadOf(later, 'b')]).toEqual(keys);
    expect(generations(directory)).toEqual([2, 2, 2, 2]);
    const again = localBroker(directory, { key: third }, { former: { key: second } });
    expect([await payloadOf(again, 'a'), await payloadOf(again, 'b')]).toEqual(keys);
    expect(generations(directory)).toEqual([3, 3, 3, 3]);
    expect(keysIn(directory)).toEqual(names);
    expect(readdirSync(directory).filter((name) => name.endsWith('.json'))).toEqual(['kek-3.json']);
    for (const wrong of [first, second]) {
      await expect(localBroker(directory, { key: wrong }).get('name')).rejects.toEqual(code('ERR_TENANCY_WRONG_KEK'));
    }
  });

  it('is one for all who take over at once', async () => {
    const directory = newDirectory();
    const key = await payloadOf(localBroker(directory, { key: first }));
    const takers = Array.from({ length: 8 }, () => localBroker(directory, { key: second }, { former: { key: first } }));
    expect(new Set(await Promise.all(takers.map((taker) => payloadOf(taker))))).toEqual(new Set([key]));
    expect(await payloadOf(localBroker(directory, { key: second }))).toBe(key);
  });

  it('may follow a passphrase, and be followed by one', async () => {
    const directory = newDirectory();
    const passphrase = 'correct horse battery staple';
    const key = await payloadOf(localBroker(directory, { passphrase }));
    expect(await payloadOf(localBroker(directory, { key: first }, { former: { passphrase } }))).toBe(key);
    expect(await payloadOf(localBroker(directory, { passphrase }, { former: { key: first } }))).toBe(key);
  });

  it('needs the right former secret, and changes nothing without it', async () => {
    const directory = newDirectory();
    await payloadOf(localBroker(directory, { key: first }));
    const before = readdirSync(directory);
    const wrong = localBroker(directory, { key: second }, { former: { key: third } });
    await expect(wrong.get('name')).rejects.toEqual(code('ERR_TENANCY_WRONG_KEK'));
    expect(readdirSync(directory)).toEqual(before);
  });

  it('refuses every change of a description that holds former keys', async () => {
    const directory = newDirectory();
    await payloadOf(localBroker(directory, { key: first }));
    await payloadOf(localBroker(directory, { key: second }, { former: { key: first } }));
    const path = join(directory, 'kek-2.json');
    const description = readFileSync(path);
    for (let at = 0; at < description.length; at += 3) {
      writeFileSync(
        path,
        description.map((byte, index) => (index === at ? byte ^ 1 : byte)),
      );
      await expect(localBroker(directory, { key: second }).get('name')).rejects.toMatchObject({
        code: expect.stringMatching(/^ERR_TENANCY_(?:WRONG_KEK|TAMPERED)$/) as string,
      });
    }
  });

  it('brings no key back that is destroyed while it is wrapped anew', async () => {
    const directory = newDirectory();
    const old = localBroker(directory, { key: first });
    const doomed = createTenancy({ broker: old });
    const principal = assertPrincipal({ ...claims, tenant: 'a' });
    const tenant = await doomed.tenant(principal);
    const taken = localBroker(directory, { key: second }, { former: { key: first } });
    const signer = { publicKey: new Uint8Array(32), sign: async () => new Uint8Array(64) };
    let crossed = false;
    // The shredding falls between reading a key and writing it again.
    const crossing = {
      ...taken,
      async rewrap(name: string, bound: Uint8Array) {
        const [file = ''] = keysIn(directory);
        const kept = readFileSync(join(directory, file));
        if (!crossed) await doomed.shred(tenant, { signer });
        const wrote = crossed ? await taken.rewrap?.(name, bound) : true;
        if (!crossed) writeFileSync(join(directory, file), kept);
        crossed = true;
        return wrote ?? false;
      },
    };
    const entering = createTenancy({ broker: crossing }).tenant(principal);
    await expect(entering).rejects.toEqual(code('ERR_TENANCY_SHREDDED'));
    const late = createTenancy({ broker: localBroker(directory, { key: second }) }).tenant(principal);
    await expect(late).rejects.toEqual(code('ERR_TENANCY_SHREDDED'));
    expect(generations(directory)).toEqual([]);
  });
});
