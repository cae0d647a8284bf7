/** A fenced block of TypeScript in a document. */
export interface Snippet {
  /** Path of the document from the repository root. */
  readonly document: string;
  /** 1-based line of the block's first line of code. */
  readonly line: number;
  readonly code: string;
  /** Whether it is also executed: every block is, unless its fence says ` ```ts check`. */
  readonly run: boolean;
}

const FENCE = /^```(?:ts|typescript)(?: +(\S+))?[ \t]*\n(.*?)^```[ \t]*$/gms;

/** The TypeScript blocks of a Markdown text, in order. */
export function extractSnippets(document: string, text: string): readonly Snippet[] {
  return [...text.matchAll(FENCE)].map(({ index, 1: marker, 2: code = '' }) => ({
    document,
    line: text.slice(0, index).split('\n').length + 1,
    code,
    run: marker !== 'check',
  }));
}
