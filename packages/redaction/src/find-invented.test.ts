import { describe, expect, it } from 'vitest';
import { createRedactor } from './create-redactor.ts';
import { findInvented } from './find-invented.ts';

const redactor = createRedactor();

describe('values that a model made up', () => {
  it('are counted by type; tokens and names are not', async () => {
    const { text, vault } = redactor.redactSync('Write to jo@example.org or call (617) 555-0142.');
    const answer = `${text} Or mo@example.net, or Dr. Smith at +44 20 7946 0958, as in [1].`;
    expect(await findInvented(redactor, answer)).toEqual({ EMAIL: 1, PHONE: 1 });
    expect(await findInvented(redactor, answer, { types: ['EMAIL', 'PERSON'] })).toEqual({ EMAIL: 1 });
    expect(await findInvented(redactor, text)).toEqual({});
    // Control: what is restored is full of them.
    expect(await findInvented(redactor, vault.restore(text))).toEqual({ EMAIL: 1, PHONE: 1 });
  });
});
