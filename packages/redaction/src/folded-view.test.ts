import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFoldedView, fold } from './folded-view.ts';
import { createRedactor } from './create-redactor.ts';
import { createVault } from './vault/create-vault.ts';

describe('the folded view', () => {
  it.each([
    ['full width', '\uff11\uff12\uff13\uff0d', '123-'],
    ['Arabic and Devanagari digits', '\u0661\u06f2\u0969', '123'],
    ['no-break and en spaces, minus', 'a\u00a0b\u2002c\u2212d', 'a b c-d'],
    ['invisible characters', 'a\u200bb\u00adc\u2060d\u{e0041}e\ufe0f', 'abcde'],
    ['Cyrillic and Greek look-alikes', '\u0430\u0440\u0440l\u0435 \u039f', 'apple O'],
    ['decomposed marks', 'Nova\u0301k', 'Nov\u00e1k'],
    ['ligatures', '\ufb01x', 'fix'],
    ['lone surrogates', 'a\ud800b', 'a\ud800b'],
  ])('undoes %s', (_name, text, expected) => {
    expect(createFoldedView(text).text).toBe(expected);
    expect(fold(text)).toBe(expected);
  });

  it('leads every span back to the original that it came from', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.nat(60), fc.nat(60), (text, one, two) => {
        const view = createFoldedView(text);
        const [from, to] = [Math.min(one, two, view.text.length), Math.min(Math.max(one, two), view.text.length)];
        const [start, end] = [view.start(from), view.end(to)];
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(text.length);
        if (from < to) expect(fold(text.slice(start, end))).toContain(view.text.slice(from, to));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('evasions', () => {
  const redactor = createRedactor({ names: ['Maria Kowalski'] });
  const values = [
    'jo.doe@example.org',
    '4111111111111111',
    '140-79-7943',
    'GB33NWBK01809923149922',
    'Maria Kowalski',
    '(415) 555-0142',
  ];
  const transforms: Readonly<Record<string, (text: string) => string>> = {
    'zero-width space': (text) => Array.from(text).join('\u200b'),
    'zero-width joiner': (text) => Array.from(text).join('\u200d'),
    'soft hyphen': (text) => Array.from(text).join('\u00ad'),
    'full width': (text) =>
      text.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0)),
    'no-break space': (text) => text.replaceAll(' ', '\u00a0'),
    Cyrillic: (text) =>
      text.replace(/[aeo]/g, (letter) => ({ a: '\u0430', e: '\u0435', o: '\u043e' })[letter] ?? letter),
    'Arabic digits': (text) => text.replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit))),
    tags: (text) => Array.from(text).join('\u{e0061}'),
  };

  it.each(Object.entries(transforms))('by %s hide nothing and come back exactly', (_name, transform) => {
    for (const value of values) {
      const hidden = transform(value);
      const text = `It is ${hidden} here.`;
      using vault = createVault();
      const { text: masked, detections } = redactor.redactSync(text, { vault });
      expect(detections).toMatchObject([{ start: 6, end: 6 + hidden.length }]);
      expect(vault.unmask(masked)).toBe(text);
    }
  });
});

describe('escapes', () => {
  it.each([
    ['jo%2Edoe%40example.org', 'jo.doe@example.org'],
    ['%E2%80%8B4%EF%BC%91', '41'],
    ['&#52;&#x31;&commat;&nbsp;x', '41@ x'],
    ['see https://a.example/x%20y%2Fz', 'see https://a.example/x%20y/z'],
    ['%0a %zz 5% &lt; &unknown; &#99999999; %C3', '%0a %zz 5% &lt; &unknown; &#99999999; %C3'],
  ])('in %s', (text, expected) => {
    expect(createFoldedView(text).text).toBe(expected);
  });
});

describe('line breaks', () => {
  const redactor = createRedactor({ types: ['CREDIT_CARD', 'PHONE', 'US_SSN', 'IBAN', 'IP_ADDRESS', 'EMAIL'] });
  const find = (text: string): string[] =>
    redactor.redactSync(text).detections.map(({ start, end }) => text.slice(start, end));

  it.each([
    ['paid with 4111 1111\n1111 1111 today', ['4111 1111\n1111 1111']],
    ['paid with 41111111\r\n11111111 today', ['41111111\r\n11111111']],
    ['to GB33NWBK0180\n9923149922 now', ['GB33NWBK0180\n9923149922']],
    ['is 140-79-\n7943, she', ['140-79-\n7943']],
    ['call +44 20\n7946 0958 now', ['+44 20\n7946 0958']],
    ['from 192.0\n.2.17 on', ['192.0\n.2.17']],
    ['to jo.doe@ex\nample.org now', ['jo.doe@ex\nample.org']],
  ])('hide no number: %j', (text, expected) => {
    expect(find(text)).toEqual(expected);
  });

  it.each([
    ['4111\n1111\n1111\n1111\n2222\n', []],
    ['in 2019\n2020\n2021\n2022 and later', []],
    ['to jo@example.org\nThanks', ['jo@example.org']],
    ['version 1.2\n3.4 here', []],
  ])('make none of a column or two sentences: %j', (text, expected) => {
    expect(find(text)).toEqual(expected);
  });
});
