import { isCloisterError } from '@cloister/core';
import { expect, it } from 'vitest';
import { createRedactor } from '../create-redactor.ts';
import type { Masked } from '../masked.ts';
import { createVault } from './create-vault.ts';
import { openSealedVault } from './open-sealed-vault.ts';
import { sealVault } from './seal-vault.ts';

const redactor = createRedactor({ names: ['Maria Kowalski'] });
const place = { key: new Uint8Array(32).fill(7), tenant: 'a', session: 's', version: 1 };
const code = (opening: Promise<unknown>): Promise<unknown> =>
  opening.then(
    () => 'opened',
    (error: unknown) => (isCloisterError(error) ? error.code : error),
  );

it('a sealed vault comes back whole, for its tenant, session and version only, and shows no value', async () => {
  const vault = createVault();
  const text = 'Maria Kowalski, jo@example.org \ud800 [[PERSON_k7q2m3x]]';
  const masked = redactor.redactSync(text, { vault, label: 'internal', source: 'note-1' }).text;
  const sealed = await sealVault(vault, place);
  const opened = await openSealedVault(sealed, place);
  expect(opened.unmask(masked, { clearance: 'internal' })).toBe(text);
  expect(opened.unmask(masked, { clearance: 'public' })).toBe(masked);
  expect(opened.summarize()).toEqual(vault.summarize());
  expect(redactor.redactSync(text, { vault: opened, label: 'internal' }).text).toBe(masked);
  expect(Buffer.from(sealed).toString('latin1')).not.toMatch(/Maria|Kowalski|example|note-1|PERSON/);
  // Control: the value is in what was sealed.
  expect(vault.restore(masked, { clearance: 'internal' })).toContain('Maria');
  const key = new Uint8Array(32).fill(8);
  for (const other of [{ key }, { tenant: 'b' }, { session: 't' }, { version: 2 }])
    expect(await code(openSealedVault(sealed, { ...place, ...other }))).toBe('ERR_REDACTION_VAULT_SEALED');
  for (const at of [0, 31, 32, 60, sealed.length - 1]) {
    const changed = Uint8Array.from(sealed, (byte, index) => (index === at ? byte ^ 1 : byte));
    expect(await code(openSealedVault(changed, place))).toBe('ERR_REDACTION_VAULT_SEALED');
  }
  expect(await code(openSealedVault(sealed.subarray(0, 40), place))).toBe('ERR_REDACTION_VAULT_SEALED');
});

it('a vault of many values, spellings and sources goes on where it was sealed', async () => {
  const vault = createVault();
  const mails = Array.from({ length: 300 }, (_, index) => `user${index}@example.org User${index}@Example.org`).join(
    ' ',
  );
  const masked = ['note-1', 'note-2'].map((source) => redactor.redactSync(mails, { vault, source }).text);
  const opened = await openSealedVault(await sealVault(vault, place), place);
  expect(opened.summarize()).toEqual(vault.summarize());
  expect(opened.summarize()[299]).toMatchObject({ sources: ['note-1', 'note-2'], forms: 2 });
  expect(opened.unmask(masked[0] as Masked)).toBe(mails);
  const more = 'new@example.org and Kowalski';
  expect(redactor.redactSync(`${mails} ${more}`, { vault: opened }).text).toBe(
    redactor.redactSync(`${mails} ${more}`, { vault }).text,
  );
  expect(opened.summarize()).toEqual(vault.summarize());
});
