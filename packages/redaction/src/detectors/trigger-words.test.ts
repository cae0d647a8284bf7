import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Gate, opens } from './gate.ts';
import { createGates } from './index.ts';
import { scanText, type TextScan } from './scan-text.ts';

const gates = createGates({});
const folder = new URL('.', import.meta.url);
const LONGEST = 20;

/** Every word that a detector spells out, in an expression or in a list. */
const WORDS: readonly string[] = [
  ...new Set<string>(
    [...readdirSync(folder), 'address/street-words.ts']
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => readFileSync(new URL(name, folder), 'utf8'))
      .map((source) =>
        source.replace(/\\u([0-9a-f]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
      )
      .flatMap((source) => source.match(/(?<![\\\p{L}])\p{L}{3,}(?!\p{L})/gu) ?? [])
      .filter(({ length }) => length <= LONGEST),
  ),
];
const NUMBERS = [
  '42',
  '1234567890',
  '123456789',
  '2019',
  'SA-204417',
  '490154203237518',
  '12345678Z',
  'a8Kd92jfLq0ZpWm4Xn7v',
];

function found([, detector]: Gate, text: string, scan: TextScan): string {
  return JSON.stringify(detector.detect(text, scan));
}

describe('a text is read the same whether its words are looked up first or not', () => {
  it('beside any word that the detectors know', () => {
    const texts = WORDS.flatMap((word) =>
      NUMBERS.flatMap((number) => [`The ${word}: ${number}.`, `${number} ${word}.`, `${word} number ${number}`]),
    );
    const different: string[] = [];
    for (const text of texts) {
      const scan = scanText(text);
      for (const gate of gates)
        if ((opens(gate, scan) ? found(gate, text, scan) : '[]') !== found(gate, text, { ...scan, words: -1 }))
          different.push(`${gate[1].id}: ${text}`);
    }
    expect(different).toEqual([]);
  }, 240_000);

  it('and detectors find something there (control)', () => {
    expect(WORDS.length).toBeGreaterThan(1_000);
    const text = 'The nhs: 9434765919.';
    const blind = { ...scanText(text), words: 0 };
    expect(gates.filter((gate) => gate[1].id === 'nhs-number').map((gate) => opens(gate, blind))).toEqual([false]);
    expect(gates.flatMap(([, detector]) => detector.detect(text)).map(({ type }) => type)).toContain('NHS_NUMBER');
  });
});
