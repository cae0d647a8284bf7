/** The words of a text as they are compared: in compatible form (NFKC), in lower case, without punctuation. */
export type TermSplitter = (text: string) => readonly string[];

/** Longer words are cut: they are data, not language, and would cost memory. */
const LONGEST = 64;

/**
 * Splits texts into words by the rules of Unicode (UAX #29), and by dictionary for languages that write without spaces.
 * @param language BCP 47 tag: decides how letters become lower-case
 */
export function createTermSplitter(language: string): TermSplitter {
  const segmenter = new Intl.Segmenter(language, { granularity: 'word' });
  return (text) => {
    const terms: string[] = [];
    for (const { segment, isWordLike } of segmenter.segment(text.normalize('NFKC').toLocaleLowerCase(language))) {
      if (isWordLike === true) terms.push(segment.slice(0, LONGEST));
    }
    return terms;
  };
}

/** Whether this is a well-formed language tag. */
export function isLanguage(value: unknown): value is string {
  try {
    return typeof value === 'string' && Intl.getCanonicalLocales(value).length === 1;
  } catch {
    return false;
  }
}
