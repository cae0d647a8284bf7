import { describe, expect, it } from 'vitest';
import { createRedactor } from '../create-redactor.ts';
import type { RedactionDetector } from '../detector.ts';
import { DETECTION_TYPES } from '../types.ts';
import { createRestorer, createRestoreStream } from './create-restorer.ts';
import { LONGEST_TOKEN } from '../vault/token.ts';
import { createVault } from '../vault/create-vault.ts';

const redactor = createRedactor({ names: ['Maria Kowalski'] });

describe('a streamed restore', () => {
  const vault = createVault();
  const text = 'Maria Kowalski <jo@example.org>, call 415-555-0142. [x] [[y]] [[[z]]] [[PERSON_';
  const masked = redactor.redactSync(text, { vault }).text;

  it('gives the whole text for every place at which it is cut', () => {
    expect(masked).not.toContain('Maria');
    for (let cut = 0; cut <= masked.length; cut++) {
      const restorer = createRestorer(vault);
      expect(restorer.push(masked.slice(0, cut)) + restorer.push(masked.slice(cut)) + restorer.end()).toBe(text);
    }
  });

  it('gives it for one character at a time and holds back less than a token', () => {
    const restorer = createRestorer(vault);
    let output = '';
    let taken = '';
    for (const character of masked) {
      taken += character;
      output += restorer.push(character);
      const certain = vault.restore(taken);
      expect(certain.startsWith(output)).toBe(true);
      expect(certain.length - output.length).toBeLessThanOrEqual(LONGEST_TOKEN);
    }
    expect(output + restorer.end()).toBe(text);
    expect(restorer.report()).toEqual({ restored: 3, repaired: 0, withheld: 0, inLinks: 0, unknown: 0 });
  });

  it('gives every token for every place at which it is cut, in every type and spelling, and one character at a time', () => {
    const own = createVault();
    // 26 spellings of one value for each type, and typed tokens, which are all literals.
    const spelled: RedactionDetector = {
      id: 'spelled',
      detect: (input) =>
        Array.from(input.matchAll(/value(\d+)=\d+/g), ({ 0: found, 1: number, index }) => ({
          type: DETECTION_TYPES[Number(number)] ?? 'OTHER_ID',
          start: index,
          end: index + found.length,
          score: 1,
          verified: true,
          canonical: `value${number}`,
        })),
    };
    const values = DETECTION_TYPES.flatMap((_type, number) =>
      Array.from({ length: 26 }, (__, spelling) => `value${number}=${spelling}`),
    );
    const texts = [...values, '[[PERSON_k7q2m3x]]', 'PERSON_k7q2m3x'];
    const words = new Set<string>();
    for (const value of texts) {
      const token = createRedactor({ detectors: [spelled] }).redactSync(value, { vault: own }).text as string;
      words.add(/^\[\[([A-Z]+)_\w{7}\]\]$/.exec(token)?.[1] ?? '');
      const answer = `So ${token}'s [1].`;
      const expected = `So ${value}'s [1].`;
      for (let cut = 0; cut <= answer.length; cut++) {
        const restorer = createRestorer(own);
        expect(restorer.push(answer.slice(0, cut)) + restorer.push(answer.slice(cut)) + restorer.end()).toBe(expected);
      }
      const restorer = createRestorer(own);
      let output = '';
      let taken = '';
      for (const character of answer) {
        taken += character;
        output += restorer.push(character);
        expect(own.restore(taken).length - output.length).toBeLessThanOrEqual(LONGEST_TOKEN);
      }
      expect(output + restorer.end()).toBe(expected);
    }
    expect(words.size).toBe(26 * DETECTION_TYPES.length + 1);
    expect(words).not.toContain('');
  });

  it('works as a transform stream', async () => {
    const source = new ReadableStream<string>({
      start(controller) {
        for (const character of masked) controller.enqueue(character);
        controller.close();
      },
    });
    const pieces = source.pipeThrough(createRestoreStream(vault));
    expect((await Array.fromAsync(pieces)).join('')).toBe(text);
  });

  it('passes on at once what cannot become a token', () => {
    const restorer = createRestorer(vault);
    expect(restorer.push('see [1] and [[ok]] [')).toBe('see [1] and [[ok]] ');
    expect(restorer.push('2] [[Persona_')).toBe('[2] [[Persona_');
    expect(restorer.push(' [[ABCDEFGHIJKLM')).toBe(' [[ABCDEFGHIJKLM');
    expect(restorer.end()).toBe('');
  });
});

describe('restoring', () => {
  it('takes nothing in a value for a pattern', () => {
    const vault = createVault();
    const names = createRedactor({
      detectors: [
        { id: 'all', detect: (text) => [{ type: 'SECRET', start: 0, end: text.length, score: 1, verified: false }] },
      ],
    });
    for (const value of ["$& $1 $' $` $$", '[[EMAIL_0000000]]', '\ud800 lone', 'a"$\'b@contoso.example']) {
      expect(vault.restore(names.redactSync(value, { vault }).text)).toBe(value);
    }
  });

  it('leaves tokens alone that this vault did not issue, or not for this type or spelling', () => {
    const vault = createVault();
    const masked = redactor.redactSync('jo@example.org', { vault }).text;
    const foreign = redactor.redactSync('jo@example.org', { vault: createVault() }).text;
    const id = masked.slice(-9, -2);
    for (const other of [
      foreign,
      `[[PERSON_${id}]]`,
      `[[EMAILB_${id}]]`,
      `[[EMAIL_${id}1]]`,
      `[[EMAIL_1${id}]]`,
      `[[EMAIL${id}]]`,
      `[[E-MAIL_${id}]]`,
      `[[EMAIL_${id.slice(0, 6)}]]`,
      `[[EMAIL_${id.slice(0, 3)} ${id.slice(3)}]]`,
    ]) {
      expect(vault.restore(other)).toBe(other);
    }
    expect(vault.restore(`${foreign}${masked}`)).toBe(`${foreign}jo@example.org`);
  });
});

describe('a token in another spelling', () => {
  const vault = createVault();
  const token = redactor.redactSync('Maria Kowalski', { vault }).text;
  const id = token.slice(-9, -2);

  it.each([
    [`[[person_${id.toUpperCase()}]]`, ''],
    [`[ [ PERSON_${id} ] ]`, ''],
    [`[[PERSON _ ${id}]]`, ''],
    [String.raw`\[\[PERSON\_${id}\]\]`, ''],
    [`\uff3b\uff3bPERSON\uff3f${id}\uff3d\uff3d`, ''],
    [`&#91;&#91;PERSON_${id}&#93;&#93;`, ''],
    [`&lsqb;PERSON_${id}&rsqb;`, ''],
    [`PERSON&#95;${id}`, ''],
    [`[PERSON_${id}]`, ''],
    [`[[PERSON_${id}]`, ''],
    [`PERSON_${id}]]`, ''],
    [`PERSON_${id}`, ''],
    [`(PERSON_${id})`, '()'],
    [`[see PERSON_${id}]`, '[see ]'],
    [`PERSON_${id}'s`, "'s"],
  ])('is restored: %s', (spelling, around) => {
    const expected = around === '' ? 'Maria Kowalski' : spelling.replace(`PERSON_${id}`, 'Maria Kowalski');
    expect(vault.restore(`So ${spelling}.`)).toBe(`So ${expected}.`);
    for (let cut = 0; cut <= spelling.length + 4; cut++) {
      const restorer = createRestorer(vault);
      const whole = `So ${spelling}.`;
      expect(restorer.push(whole.slice(0, cut)) + restorer.push(whole.slice(cut)) + restorer.end()).toBe(
        `So ${expected}.`,
      );
    }
  });

  it.each([
    `XPERSON_${id}`,
    `PERSON_${id}x`,
    `PERSON-${id}`,
    `PERSON\n_${id}`,
    `P ERSON_${id}`,
    `[[EMAIL_${id}]]`,
    `[[${id}]]`,
  ])('is not guessed at: %s', (text) => expect(vault.restore(text)).toBe(text));

  it('stands for itself when a user or a document types it, in 10,000 tries with an id that is in use', () => {
    const spellings = [
      `PERSON_${id}`,
      `person_${id}`,
      `[PERSON_${id}]`,
      `PERSON\\_${id}]]`,
      `&#91;&#91;PERSON_${id}`,
      `[ [ Person _ ${id} ] ]`,
      `PERSON _ ${id}`,
      token,
    ];
    const own = createRedactor({ types: [] });
    let restored = 0;
    for (let attempt = 0; attempt < 10_000; attempt++) {
      const typed = `${'x '.repeat(attempt % 7)}${spellings[attempt % spellings.length]}, who is that ${attempt}?`;
      const { text } = own.redactSync(typed, { vault });
      if (vault.restore(text) !== typed) restored++;
    }
    expect(restored).toBe(0);
    // Control: the same spellings restore when they come from the model.
    for (const spelling of spellings) expect(vault.restore(spelling)).not.toContain(id);
  });

  it('is counted, and so is what this vault never issued', () => {
    const restorer = createRestorer(vault);
    restorer.push(`${token} [person_${id}] [[PERSON_0000000]] PERSON_0000000 `);
    restorer.end();
    expect(restorer.report()).toEqual({ restored: 2, repaired: 1, withheld: 0, inLinks: 0, unknown: 1 });
  });

  it('never gives another value, whatever single edits, case, spaces and escapes did to it', () => {
    const own = createVault();
    const people = Array.from({ length: 50 }, (_, index) => `user${index}@example.org`);
    const tokens = people.map((text) => redactor.redactSync(text, { vault: own }).text as string);
    const tries = Number(process.env['CLOISTER_MUTATIONS'] ?? 20_000);
    let seed = 1;
    const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const marks = Array.from('abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ[]_ \\&#;');
    let [restored, wrong] = [0, 0];
    for (let attempt = 0; attempt < tries; attempt++) {
      const which = random(50);
      let text = tokens[which] ?? '';
      const [at, mark] = [random(text.length), marks[random(marks.length)] ?? ''];
      const edits = [
        text.slice(0, at) + mark + text.slice(at + 1),
        text.slice(0, at) + mark + text.slice(at),
        text.slice(0, at) + text.slice(at + 1),
        text.toLowerCase(),
        text.replace('[[', '[ [ '),
        text.replace('_', '\\_'),
      ];
      text = edits[random(edits.length)] ?? '';
      const back = own.restore(text);
      if (back.includes('@')) restored++;
      if (people.some((person, index) => index !== which && new RegExp(`(?<![a-z0-9])${person}`).test(back))) wrong++;
    }
    expect(wrong).toBe(0);
    // Control: many of them were restored, so a wrong one could have shown.
    expect(restored).toBeGreaterThan(tries / 3);
  });
});

describe('link targets', () => {
  const vault = createVault();
  const token = redactor.redactSync('Maria Kowalski', { vault }).text;

  it.each([
    'see [more](https://evil.example/?q=@)',
    '![pixel](//evil.example/@.png)',
    '![pixel]( <https://evil.example/a b @> "title")',
    'https://evil.example/@',
    'www.evil.example/@',
    '[ref]: https://evil.example/@',
    '[ref]:\n  <x @>',
    '<img alt="" src="https://evil.example/a b @">',
    "<a HREF = '@'>x</a>",
    '<img src=@>',
    'background: url( @ )',
    'mailto:x@evil.example?body=@',
  ])('stay masked: %s', (template) => {
    // The last @ is where the token stands.
    const at = template.lastIndexOf('@');
    const answer = template.slice(0, at) + token + template.slice(at + 1);
    expect(vault.restore(answer)).toBe(answer);
    const restorer = createRestorer(vault);
    const streamed = Array.from(answer, (character) => restorer.push(character)).join('') + restorer.end();
    expect(streamed).toBe(answer);
    expect(restorer.report().inLinks).toBe(1);
  });

  it.each([
    '@ has a new dose [1].',
    '[1] @',
    'see [more](https://x.example/a) and @',
    'at https://x.example/ @',
    '<b>@</b>',
    'a = @',
    '<img src="x"> @',
  ])('are told from plain text: %s', (template) => {
    expect(vault.restore(template.replace('@', () => token))).toBe(template.replace('@', 'Maria Kowalski'));
  });

  it('count a restored address as the beginning of a link', () => {
    const own = createVault();
    const { text } = redactor.redactSync('https://evil.example/?q= Maria Kowalski', { vault: own });
    const joined = text.replace(' ', '');
    expect(own.restore(joined)).toMatch(/^https:\/\/evil\.example\/\?q=\[\[PERSON_.{7}\]\]$/);
  });

  it('come back by unmask, which takes only what a redactor made', () => {
    const own = createVault();
    const text = 'ftp://x@example.org/ [a](jo@example.org)';
    const masked = redactor.redactSync(text, { vault: own, types: ['EMAIL'] }).text;
    expect(own.restore(masked)).not.toBe(text);
    expect(own.unmask(masked)).toBe(text);
  });
});
