import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../create-redactor.ts';
import { createVault } from '../vault/create-vault.ts';
import { redactJson } from './redact-json.ts';
import { unmaskJson } from './restore-json.ts';

const redactor = createRedactor({ names: ['Maria Kowalski'] });

describe('JSON that is masked', () => {
  it('loses values, names of members and numbers, and nothing else', async () => {
    const json =
      '{"patient":{"name":"Maria Kowalski","ok":true}, "n": 1.50,\n "jo@example.org":[1], "card":4111111111111111}';
    const { text, counts, escaped } = await redactJson(redactor, json);
    const token = String.raw`\[\[[A-Z]+_\w{7}\]\]`;
    expect(text).toMatch(
      new RegExp(
        String.raw`^{"patient":{"name":"${token}","ok":true}, "n": 1.50,\n "${token}":\[1\], "card":"${token}"}$`,
      ),
    );
    expect(counts).toEqual({ PERSON: 1, EMAIL: 1, CREDIT_CARD: 1 });
    expect(escaped).toBe(0);
  });

  it('reads the name of a member as context', async () => {
    const { counts } = await redactJson(redactor, '{"npi_number":"1234567893","count":"1234567893"}', {
      types: ['US_NPI'],
    });
    expect(counts).toEqual({ US_NPI: 1 });
  });

  it('comes back whole, escapes and typed tokens included', async () => {
    const vault = createVault();
    const json = JSON.stringify({
      a: 'jo@example.org "x" \n [[PERSON_1234567]]',
      'jo@example.org': ['https://x.example/a?b=1'],
    });
    const { text, escaped } = await redactJson(redactor, json, { vault });
    expect(escaped).toBe(1);
    expect(text).not.toContain('example');
    expect(unmaskJson(vault, text)).toBe(json);
    await fc.assert(
      fc.asyncProperty(
        fc.json({ stringUnit: 'grapheme' }).filter((any) => !/\d{16}/.test(any)),
        async (any) => {
          const masked = await redactJson(redactor, any, { vault, types: ['EMAIL'] });
          expect(JSON.parse(unmaskJson(vault, masked.text))).toEqual(JSON.parse(any));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('is refused when it is no JSON', async () => {
    await expect(redactJson(redactor, '{"a":jo@example.org}')).rejects.toMatchObject({ code: 'ERR_CORE_JSON_SYNTAX' });
  });
});
