/** What fits into one chunk. */
export interface Budget {
  readonly maxTokens: number;
  readonly maxCharacters: number;
  readonly count: (text: string) => number;
}
