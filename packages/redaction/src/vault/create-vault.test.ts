import { isCloisterError } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../create-redactor.ts';
import { createRestorer } from '../restore/create-restorer.ts';
import type { Vault } from './vault-types.ts';
import { createVault } from './create-vault.ts';

const redactor = createRedactor({ names: ['Maria Kowalski'] });
const key = new Uint8Array(32).fill(7);

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    return isCloisterError(error) ? error.code : 'not ours';
  }
  return undefined;
}

function hammingDistance(left: string, right: string): number {
  let distance = 0;
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) distance++;
  return distance;
}

function tokenOf(text: string, vault: Vault): string {
  return redactor.redactSync(text, { vault }).text;
}

describe('tokens', () => {
  it('have the published form and at most 24 characters', () => {
    const vault = createVault();
    const text = tokenOf('a@b.example +1 415 555 0142 [[PERSON_k7q2m3x]]', vault);
    const tokens = text.match(/\[\[[^\]]*\]\]/g) ?? [];
    expect(tokens).toHaveLength(3);
    for (const token of tokens) {
      expect(token).toMatch(/^\[\[[A-Z]{1,12}_[0-9a-hjkmnp-tv-z]{7}\]\]$/);
      expect(token.length).toBeLessThanOrEqual(24);
    }
  });

  it('are the same for one value in every text and spelling, and different in another vault', () => {
    const vault = createVault();
    const id = (text: string, where = vault): string => tokenOf(text, where).slice(-9, -2);
    expect(id('Jo@Example.org')).toBe(id('jo@example.ORG'));
    expect(id('(415) 555-0142')).toBe(id('+1 415 555 0142'));
    expect(id('Maria Kowalski')).toBe(id('KOWALSKI, Maria'));
    expect(id('Maria Kowalski')).toBe(id('Kowalski'));
    expect(id('jo@example.org')).not.toBe(id('ja@example.org'));
    expect(id('jo@example.org', createVault())).not.toBe(id('jo@example.org'));
  });

  it('come back with the same key and not with another', () => {
    expect(tokenOf('jo@example.org', createVault({ key }))).toBe(tokenOf('jo@example.org', createVault({ key })));
    const other = createVault({ key: new Uint8Array(32).fill(8) });
    expect(tokenOf('jo@example.org', createVault({ key }))).not.toBe(tokenOf('jo@example.org', other));
  });

  it('differ in at least three characters of the id from every other one', () => {
    const vault = createVault({ key });
    for (let index = 0; index < 6000; index++) tokenOf(`user${index}@example.org`, vault);
    const ids = vault.summarize().map((entry) => entry.id);
    expect(new Set(ids).size).toBe(6000);
    let nearest = 7;
    for (let left = 0; left < ids.length; left++) {
      for (let right = 0; right < left; right++)
        nearest = Math.min(nearest, hammingDistance(ids[left] ?? '', ids[right] ?? ''));
    }
    expect(nearest).toBeGreaterThanOrEqual(3);
  });

  it('keep up to 26 spellings of a value apart, and more under further ids', () => {
    const vault = createVault();
    const spellings = Array.from({ length: 40 }, (_, index) =>
      Array.from('abcdefgh@example.org', (letter, at) => ((index >> at) & 1 ? letter.toUpperCase() : letter)).join(''),
    );
    const masked = spellings.map((spelling) => tokenOf(spelling, vault));
    expect(new Set(masked).size).toBe(40);
    expect(masked.map((token) => vault.restore(token))).toEqual(spellings);
    expect(new Set(masked.slice(0, 26).map((token) => token.slice(-9))).size).toBe(1);
  });
});

describe('clearance', () => {
  const text = 'Write to jo@example.org.';

  it('must cover the label of the source', () => {
    const vault = createVault();
    const masked = redactor.redactSync(text, { vault, label: 'confidential' }).text;
    expect(vault.restore(masked, { clearance: 'restricted' })).toBe(text);
    expect(vault.restore(masked, { clearance: 'confidential' })).toBe(text);
    expect(vault.restore(masked, { clearance: 'internal' })).toBe(masked);
    expect(vault.restore(masked)).toBe(masked);
    expect(vault.unmask(masked, { clearance: 'internal' })).toBe(masked);
  });

  it('rises with the most sensitive source that holds the value', () => {
    const vault = createVault();
    const masked = redactor.redactSync(text, { vault, label: 'internal' }).text;
    expect(vault.restore(masked, { clearance: 'internal' })).toBe(text);
    redactor.redactSync(text, { vault, label: 'restricted', source: 'note-1' });
    expect(vault.restore(masked, { clearance: 'internal' })).toBe(masked);
    redactor.redactSync(text, { vault, label: 'public', source: 'note-2' });
    expect(vault.restore(masked, { clearance: 'confidential' })).toBe(masked);
    expect(vault.summarize()).toMatchObject([
      { type: 'EMAIL', label: 'restricted', sources: ['note-1', 'note-2'], forms: 1 },
    ]);
  });

  it('counts a source without a label as the highest once anybody uses labels', () => {
    const vault = createVault();
    const masked = redactor.redactSync(text, { vault }).text;
    expect(vault.restore(masked)).toBe(text);
    expect(vault.restore(masked, { clearance: 'confidential' })).toBe(masked);
    expect(vault.restore(masked, { clearance: 'restricted' })).toBe(text);
    redactor.redactSync(text, { vault, label: 'internal' });
    expect(vault.restore(masked, { clearance: 'confidential' })).toBe(masked);
    expect(vault.restore(masked)).toBe(masked);
  });
});

describe('a vault', () => {
  it('is of no use once closed, also for a restorer that is at work', () => {
    const vault = createVault();
    const masked = tokenOf('jo@example.org', vault);
    const restorer = createRestorer(vault);
    restorer.push(masked.slice(0, 5));
    vault.close();
    vault.close();
    expect(codeOf(() => vault.restore(masked))).toBe('ERR_REDACTION_VAULT_CLOSED');
    expect(codeOf(() => restorer.push(masked.slice(5)))).toBe('ERR_REDACTION_VAULT_CLOSED');
    expect(codeOf(() => tokenOf('x@example.org', vault))).toBe('ERR_REDACTION_VAULT_CLOSED');
    expect(codeOf(() => vault.summarize())).toBe('ERR_REDACTION_VAULT_CLOSED');
  });

  it('takes 100,000 values with as many ids, and not one more', () => {
    const vault = createVault();
    const text = Array.from({ length: 100_000 }, (_, index) => `u${index}@e.example`).join(' ');
    const mails = createRedactor({ types: ['EMAIL'] });
    expect(vault.restore(mails.redactSync(text, { vault }).text)).toBe(text);
    expect(new Set(vault.summarize().map((entry) => entry.id)).size).toBe(100_000);
    expect(codeOf(() => tokenOf('jo@example.org', vault))).toBe('ERR_REDACTION_VAULT_FULL');
    expect(tokenOf('u17@e.example', vault)).toMatch(/^\[\[EMAIL_/);
  });

  it('cannot be copied or cast', () => {
    const vault = createVault();
    expect(codeOf(() => tokenOf('jo@example.org', { ...vault }))).toBe('ERR_REDACTION_NOT_A_VAULT');
    expect(codeOf(() => createRestorer({} as Vault))).toBe('ERR_REDACTION_NOT_A_VAULT');
    expect(codeOf(() => createVault({ key: new Uint8Array(16) }))).toBe('ERR_REDACTION_VAULT_KEY');
  });

  it('copies the key it is given', () => {
    const mine = Uint8Array.from(key);
    const vault = createVault({ key: mine });
    const masked = tokenOf('jo@example.org', vault);
    vault.close();
    expect(mine).toEqual(key);
    mine.fill(0);
    expect(tokenOf('jo@example.org', createVault({ key }))).toBe(masked);
  });

  it('shows no value in what it says about itself', () => {
    const vault = createVault();
    redactor.redactSync('jo@example.org 415-555-0142', { vault, source: 'note-1' });
    expect(JSON.stringify([vault, vault.summarize()])).not.toMatch(/jo@|example|0142/);
  });
});
