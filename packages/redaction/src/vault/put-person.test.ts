import { describe, expect, it } from 'vitest';
import { createRedactor } from '../create-redactor.ts';
import { createVault } from './create-vault.ts';
import { openSealedVault } from './open-sealed-vault.ts';
import { sealVault } from './seal-vault.ts';
import type { Vault } from './vault-types.ts';

/** Finds the words it is given as names: what people say of detectors must not matter here. */
function finder(...names: readonly string[]): ReturnType<typeof createRedactor> {
  const pattern = new RegExp(names.map((name) => `(?<!\\p{L})${name}(?!\\p{L})`).join('|'), 'gu');
  const detect = (text: string): { type: string; start: number; end: number; score: number; verified: boolean }[] =>
    [...text.matchAll(pattern)].map((found) => ({
      type: 'PERSON', start: found.index, end: found.index + found[0].length, score: 1, verified: false,
    })); // prettier-ignore
  return createRedactor({ types: ['PERSON'], detectors: [{ id: 'finder', detect }] });
}

const redactor = finder('Jane Roe', 'John Roe', 'ROE, Jane', 'Roe', 'ROE', 'Ann Lee, MD', 'Ann Lee', 'Lee');
const ids = (text: string, vault: Vault): string[] =>
  [...redactor.redactSync(text, { vault }).text.matchAll(/_(\w{7})\]\]/g)].map((found) => found[1] ?? '');

describe('a person and the surname', () => {
  it('share an id in every text, in a possessive too, and each spelling comes back', () => {
    const vault = createVault();
    const [jane, ...others] = ids("Jane Roe came. Roe's note. ROE, Jane; ROE", vault);
    expect(others).toEqual([jane, jane, jane]);
    expect(ids('Dr. Roe again', vault)).toEqual([jane]);
    expect(ids('Ann Lee, MD and Lee and Ann Lee', vault).every((id, _index, all) => id === all[0] && id !== jane)).toBe(
      true,
    );
    const text = "Roe's \u2026 ROE, Jane, Jane Roe, Lee";
    expect(vault.unmask(redactor.redactSync(text, { vault }).text)).toBe(text);
  });

  it('do so when the surname stands above the full name', () => {
    const [first, second] = ids('Roe was here. Jane Roe, that is.', createVault());
    expect(first).toBe(second);
  });

  it('are two entries once a second person has the surname', () => {
    const vault = createVault();
    const [jane] = ids('Jane Roe, Roe', vault);
    const [john, roe] = ids('John Roe met Roe', vault);
    expect(new Set([jane, john, roe]).size).toBe(3);
    expect(ids('Roe, Jane Roe', vault)).toEqual([roe, jane]);
    const [a, b, c] = ids('Roe, John Roe, Jane Roe', createVault());
    expect(new Set([a, b, c]).size).toBe(3);
  });

  it('stay apart when the surname was known first', () => {
    const vault = createVault();
    const [roe] = ids('Roe', vault);
    expect(ids('Jane Roe and Roe', vault)[0]).not.toBe(roe);
    expect(ids('Roe', vault)).toEqual([roe]);
  });

  it('stay what they are in a sealed vault', async () => {
    const place = { key: new Uint8Array(32).fill(1), tenant: 'a', session: 'b', version: 1 };
    const vault = createVault();
    const [jane] = ids('Jane Roe', vault);
    const opened = await openSealedVault(await sealVault(vault, place), place);
    expect(ids('Roe', opened)).toEqual([jane]);
    expect(ids('John Roe', opened)).not.toEqual([jane]);
    expect(ids('Roe', opened)).not.toEqual([jane]);
  });

  it('of the dictionary give way to a stranger of the same surname', () => {
    const known = createRedactor({ names: ['Maria Kowalski'], detectors: [] });
    const vault = createVault();
    const id = (text: string): string | undefined =>
      /PERSON\w?_(\w{7})\]\]\W*$/.exec(known.redactSync(text, { vault }).text)?.[1];
    expect(id('Kowalski')).toBe(id('Maria Kowalski'));
    const stranger = id('Patient: Thomas Kowalski');
    expect(stranger).not.toBe(id('Maria Kowalski'));
    expect([stranger, id('Maria Kowalski')]).not.toContain(id('Ms Kowalski'));
  });
});
