import { createRedactor, createVault } from '@cloister/redaction';
import { describe, expect, it } from 'vitest';
import { hospitals, question } from './notes.ts';

const CONTACT = /\S+@\S+|\b555-\d{4}\b|\b(?:SA|LG)-\d{6}\b|\b\d{2}\/\d{2}\/\d{4}\b/g;

describe.each(hospitals)('the notes of $name', ({ notes, patients }) => {
  it('are thirty of 60 to 120 words, with ids, labels and groups', () => {
    expect(notes).toHaveLength(30);
    expect(new Set(notes.map((note) => note.id)).size).toBe(30);
    const lengths = notes.map((note) => note.text.split(/\s+/).length);
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(60);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(120);
    for (const note of notes) expect([note.id, note.acl.length > 0]).toEqual([note.id, true]);
    for (const note of notes.filter((one) => one.id.includes('-rec-'))) expect(note.label).toBe('internal');
  });

  it('hold no name, contact, record number or date of birth once they are masked, and come back exactly', () => {
    const redactor = createRedactor({ names: patients });
    using vault = createVault();
    const names = new RegExp(patients.map((name) => name.split(' ').at(-1)).join('|'));
    let inClear = 0;
    for (const { id, text } of notes) {
      const masked = redactor.redactSync(text, { vault }).text;
      inClear += text.match(CONTACT)?.length ?? 0;
      expect([id, masked.match(CONTACT), names.exec(masked)?.[0]]).toEqual([id, null, undefined]);
      expect(vault.restore(masked)).toBe(text);
    }
    // Control: the same search finds them in the notes.
    expect(inClear).toBeGreaterThan(50);
  });
});

describe('the two hospitals', () => {
  it('share no patient, no note and no contact, so that a leak would be seen', () => {
    const [one, other] = hospitals;
    const contacts = (index: number): Set<string> =>
      new Set(hospitals[index]?.notes.flatMap((note) => note.text.match(CONTACT) ?? []));
    expect([...contacts(0)].filter((contact) => contacts(1).has(contact))).toEqual([]);
    expect(one?.patients.filter((name) => other?.patients.includes(name))).toEqual([]);
    expect(JSON.stringify(one?.notes)).not.toMatch(/Kowalska|capecitabine|rivaroxaban/i);
    expect(JSON.stringify(other?.notes)).not.toMatch(/Kowalski|metoprolol [0-9]|apixaban/);
  });

  it('ask about a patient of the first', () => {
    expect(question).toContain('Maria Kowalski');
    expect(hospitals[0]?.notes.some((note) => note.text.includes('after the March visit'))).toBe(true);
  });
});
