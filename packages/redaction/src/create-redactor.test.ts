import { type Detector, findCloisterError } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { createRedactor, type RedactorOptions } from './create-redactor.ts';
import { createVault } from './vault/create-vault.ts';

async function codeOf(action: () => unknown): Promise<string | undefined> {
  try {
    await action();
  } catch (error) {
    return findCloisterError(error)?.code ?? 'not ours';
  }
  return undefined;
}

const detector = (detections: readonly object[], wait = false): Detector =>
  ({ id: 'given', detect: () => (wait ? Promise.resolve(detections) : detections) }) as unknown as Detector;
const span = { type: 'ORGANIZATION', start: 0, end: 4, score: 0.7, verified: false };

describe('a redactor', () => {
  it('reports types, places and counts, and gives the vault back', async () => {
    const vault = createVault();
    const result = await createRedactor().redact('a@b.example, c@d.example', { vault });
    expect(result.vault).toBe(vault);
    expect(result.counts).toEqual({ EMAIL: 2 });
    expect(result.detections).toEqual([
      { type: 'EMAIL', start: 0, end: 11, score: 1, verified: false },
      { type: 'EMAIL', start: 13, end: 24, score: 1, verified: false },
    ]);
  });

  it('works without options as DESIGN shows', async () => {
    const note = 'Seen on 12 March 2026, call (617) 555-0142.';
    const { text, vault } = await createRedactor().redact(note);
    expect(text).not.toContain('555');
    expect(vault.restore(text)).toBe(note);
  });

  it('replaces only the types that the redactor and the call both name', () => {
    const text = 'a@b.example 4111111111111111 140-79-7943';
    const redactor = createRedactor({ types: ['EMAIL', 'CREDIT_CARD'] });
    expect(redactor.redactSync(text).counts).toEqual({ EMAIL: 1, CREDIT_CARD: 1 });
    expect(redactor.redactSync(text, { types: ['CREDIT_CARD', 'US_SSN'] }).counts).toEqual({ CREDIT_CARD: 1 });
    const nothing = redactor.redactSync(`${text} [[EMAIL_k7q2m3x]]`, { types: [] });
    expect([nothing.counts, nothing.escaped]).toEqual([{}, 1]);
  });

  it('runs further detectors on the original text, at once or later', async () => {
    const redactor = createRedactor({ detectors: [detector([span])] });
    expect(redactor.redactSync('ACME').counts).toEqual({ ORGANIZATION: 1 });
    const later = createRedactor({ detectors: [detector([span], true)] });
    expect((await later.redact('ACME')).counts).toEqual({ ORGANIZATION: 1 });
    expect(await codeOf(() => later.redactSync('ACME'))).toBe('ERR_REDACTION_ASYNC_DETECTOR');
    const failing = createRedactor({ detectors: [{ id: 'x', detect: () => Promise.reject(new Error('down')) }] });
    expect(await codeOf(() => failing.redactSync('ACME'))).toBe('ERR_REDACTION_ASYNC_DETECTOR');
    expect(await codeOf(() => failing.redact('ACME'))).toBe('not ours');
  });

  it('takes a span that cuts a character in two for the whole character', () => {
    const redactor = createRedactor({ detectors: [detector([{ ...span, start: 2, end: 4 }])] });
    expect(redactor.redactSync('a\u{1f600}b\u{1f600}').detections).toMatchObject([{ start: 1, end: 4 }]);
    const inside = createRedactor({ detectors: [detector([{ ...span, start: 3, end: 5 }])] });
    expect(inside.redactSync('a\u{1f600}b\u{1f600}').detections).toMatchObject([{ start: 3, end: 6 }]);
  });

  it.each([
    ['outside', { end: 9 }],
    ['empty', { end: 0 }],
    ['negative', { start: -1 }],
    ['not whole', { end: 1.5 }],
    ['of an unknown type', { type: 'SHOE_SIZE' }],
    ['of the inner type', { type: 'LITERAL' }],
    ['without a score', { score: Number.NaN }],
  ])('refuses a span that is %s', async (_name, change) => {
    const redactor = createRedactor({ detectors: [detector([{ ...span, ...change }])] });
    expect(await codeOf(() => redactor.redactSync('ACME'))).toBe('ERR_REDACTION_DETECTION');
  });

  it('refuses parts that are no text', async () => {
    for (const part of [new Uint8Array(3), { type: 'image_url' }, undefined]) {
      expect(await codeOf(() => createRedactor().redactSync(part as unknown as string))).toBe('ERR_REDACTION_NOT_TEXT');
      await expect(createRedactor().redact(part as unknown as string)).rejects.toMatchObject({
        code: 'ERR_REDACTION_NOT_TEXT',
      });
    }
  });

  it('refuses unknown types, unknown regions and texts that are too long', async () => {
    expect(await codeOf(() => createRedactor({ types: ['SHOE_SIZE'] } as unknown as RedactorOptions))).toBe(
      'ERR_REDACTION_TYPE',
    );
    expect(await codeOf(() => createRedactor({ regions: ['ZZ'] }))).toBe('ERR_REDACTION_PATTERN');
    expect(await codeOf(() => createRedactor().redactSync('x'.repeat(16 * 1024 * 1024 + 1)))).toBe(
      'ERR_REDACTION_TEXT_TOO_LONG',
    );
  });
});

describe('a pattern of the tenant', () => {
  it('finds its own format', () => {
    const redactor = createRedactor({ patterns: { mrn: 'H[0-9]{6}(?:-[A-Z])' } });
    expect(redactor.redactSync('see H123456-B').counts).toEqual({ MRN: 1 });
    // Control: nobody else takes it for a record number.
    expect(createRedactor().redactSync('see H123456-B').counts).toEqual({});
  });

  it.each([
    '(a+)+',
    'a*',
    'a{2,}',
    '(a|b){1,9}',
    '(ab)?',
    '(?=a)a',
    '(a)\\1',
    '(?<n>a)\\k<n>',
    '(',
    'a{1,65}',
    'a?b?c?d?e?',
    'x{0,3}',
    '',
    'a'.repeat(201),
    '[a',
  ])('is refused when it could be slow or wrong: %s', async (source) => {
    expect(await codeOf(() => createRedactor({ patterns: { mrn: source } }))).toBe('ERR_REDACTION_PATTERN');
  });
});
