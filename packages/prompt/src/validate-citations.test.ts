import { describe, expect, it } from 'vitest';
import { validateCitations } from './validate-citations.ts';

const prompt = {
  sources: [
    { number: 1, document: 'note-7', chunk: 0 },
    { number: 2, document: 'note-7', chunk: 3 },
    { number: 3, document: 'note-9', chunk: 1 },
  ],
};

describe('citations of an answer', () => {
  it('are mapped to their sources, each once, in order of mention', () => {
    expect(validateCitations('It fell [3]. Then it rose [1][3], see [2, 1].', prompt)).toEqual({
      citations: [prompt.sources[2], prompt.sources[0], prompt.sources[1]],
      unknown: [],
    });
  });

  it('that no source has are reported', () => {
    expect(validateCitations('So [4], [0] and [1, 99] and [4].', prompt)).toEqual({
      citations: [prompt.sources[0]],
      unknown: [4, 0, 99],
    });
  });

  it('are not confused with tokens, indexes of code or years', () => {
    expect(validateCitations('[[PERSON_1234567]] a[x] [] [1a] [ 2 ] [12345] (3)', prompt)).toEqual({
      citations: [],
      unknown: [],
    });
  });
});
