import { describe, expect, it } from 'vitest';
import { createRedactor } from './create-redactor.ts';
import { redactJson } from './json/redact-json.ts';

const TYPO = 'My card 4111 1111 1111 1112 and my sister: jo@example.org.';

describe('thresholds', () => {
  it('leave what scores lower, for their type alone', () => {
    const strict = createRedactor({ thresholds: { CREDIT_CARD: 0.9 } });
    expect(strict.redactSync(TYPO).counts).toEqual({ EMAIL: 1 });
    expect(strict.redactSync('My card 4111 1111 1111 1111.').counts).toEqual({ CREDIT_CARD: 1 });
    // Control: without one the number with the typing error goes as well.
    expect(createRedactor().redactSync(TYPO).counts).toEqual({ CREDIT_CARD: 1, EMAIL: 1 });
  });

  it.each([[{ EMAIL: 2 }], [{ EMAIL: Number.NaN }], [{ EMAIL: -0.1 }]])('are refused: %j', (thresholds) => {
    expect(() => createRedactor({ thresholds })).toThrow(expect.objectContaining({ code: 'ERR_REDACTION_THRESHOLD' }));
  });

  it('name types of the list', () => {
    expect(() => createRedactor({ thresholds: { NAME: 0.5 } as never })).toThrow(
      expect.objectContaining({ code: 'ERR_REDACTION_TYPE' }),
    );
  });
});

describe('values that fail their check', () => {
  it('are masked and counted by type; types without a check are not', async () => {
    const { text, unverified } = createRedactor().redactSync(TYPO);
    expect(text).not.toContain('4111');
    expect(unverified).toEqual({ CREDIT_CARD: 1 });
    const json = await redactJson(
      createRedactor(),
      JSON.stringify({ card: '4111 1111 1111 1112', ok: 'jo@e.example' }),
    );
    expect(json.unverified).toEqual({ CREDIT_CARD: 1 });
  });
});
