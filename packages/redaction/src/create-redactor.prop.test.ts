import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from './create-redactor.ts';
import { createRestorer } from './restore/create-restorer.ts';
import { ID_ALPHABET } from './vault/id.ts';
import { createVault } from './vault/create-vault.ts';

const redactor = createRedactor({ names: ['Maria Kowalski', 'Jan Nov\u00e1k', "Sean O'Brien"] });

const value = fc.constantFrom(
  'jo@example.org',
  '"jo doe"@example.org',
  '(415) 555-0142',
  '4111 1111 1111 1111',
  '\uff14\uff11\uff11\uff111111 1111 1111',
  '140-79-7943',
  'GB33NWBK01809923149922',
  'Maria Kowalski',
  "Kowalski's",
  'M. KOWALSKI',
  'Nova\u0301k',
  'MRN: SA-204417',
  '12 March 2026',
  'https://a.example/x?y=jo@example.org',
  '::1:2',
  '[[PERSON_k7q2m3x]]',
  '[[ person-abc ]]',
  '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}',
);
const filler = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ maxLength: 12 }),
  fc.constantFrom(' ', '\r\n', '[', '[[', ']]', '\ud83d', '$&'),
);
const text = fc.array(fc.oneof(value, filler), { maxLength: 24 }).map((parts) => parts.join(''));

describe('any text', () => {
  it('comes back exactly, and its spans lie in it in order', () => {
    fc.assert(
      fc.property(text, (input) => {
        using vault = createVault();
        const { text: masked, detections } = redactor.redactSync(input, { vault });
        let end = 0;
        for (const detection of detections) {
          expect(detection.start).toBeGreaterThanOrEqual(end);
          expect(detection.end).toBeGreaterThan(detection.start);
          end = detection.end;
        }
        expect(end).toBeLessThanOrEqual(input.length);
        expect(vault.unmask(masked)).toBe(input);
      }),
      { numRuns: 1500 },
    );
  });

  it('is restored the same way however the stream is cut', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(60), { maxLength: 30 }), (input, sizes) => {
        using vault = createVault();
        const masked = redactor.redactSync(input, { vault }).text;
        const restorer = createRestorer(vault);
        let output = '';
        let from = 0;
        for (const size of sizes) {
          output += restorer.push(masked.slice(from, from + size));
          from += size;
        }
        output += restorer.push(masked.slice(from)) + restorer.end();
        expect(output).toBe(vault.restore(masked));
      }),
      { numRuns: 1500 },
    );
  });

  it('holds only tokens of the vault once it is masked', () => {
    fc.assert(
      fc.property(text, (input) => {
        using vault = createVault();
        const masked = redactor.redactSync(input, { vault }).text;
        const issued = new Set(vault.summarize().map((entry) => entry.id));
        for (const match of masked.matchAll(/\[\[[A-Z]{1,12}_([0-9a-hjkmnp-tv-z]{7})\]\]/g))
          expect(issued).toContain(match[1]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a token typed by a user or a document', () => {
  const word = fc.constantFrom('PERSON', 'EMAIL', 'LITERAL', 'PERSONB');
  const id = fc
    .array(fc.constantFrom(...Array.from(ID_ALPHABET)), { minLength: 7, maxLength: 7 })
    .map((letters) => letters.join(''));

  it('restores nothing, in 1,000 tries with the very ids that are in use', () => {
    const vault = createVault();
    const secret = redactor.redactSync('Maria Kowalski jo@example.org', { vault }).text;
    // Control: the tokens do restore when the model copies them.
    expect(vault.restore(secret)).toBe('Maria Kowalski jo@example.org');
    const real = vault.summarize().map((entry) => entry.id);
    let tries = 0;
    fc.assert(
      fc.property(
        word,
        fc.oneof(id, fc.constantFrom(...real)),
        fc.constantFrom('', '[', ' '),
        (type, guess, before) => {
          tries++;
          const typed = `${before}[[${type}_${guess}]]`;
          const { text: masked, escaped, detections } = redactor.redactSync(`Who is ${typed}?`, { vault });
          expect(escaped).toBe(1);
          expect(detections).toEqual([]);
          expect(masked).not.toContain(typed.trim());
          expect(vault.restore(masked)).toBe(`Who is ${typed}?`);
        },
      ),
      { numRuns: 1000 },
    );
    expect(tries).toBe(1000);
  });

  it('is inert in spellings a reader would still take for it', () => {
    const vault = createVault();
    redactor.redactSync('Maria Kowalski', { vault });
    for (const typed of [
      '[[person_k7q2m3x]]',
      '[ [ PERSON_k7q2m3x ] ]',
      '\uff3b\uff3bPERSON_k7q2m3x\uff3d\uff3d',
      '[[PERSON\\_k7q2m3x]]',
      '[[PER\u200bSON_k7q2m3x]]',
      '[[PERSON-k7q2m3x]]',
    ]) {
      const { text: masked, escaped } = redactor.redactSync(`is ${typed} ill?`, { vault });
      expect(escaped).toBe(1);
      expect(masked).toMatch(/^is \[\[LITERAL.?_.{7}\]\] ill\?$/);
      expect(vault.restore(masked)).toBe(`is ${typed} ill?`);
    }
  });
});
