/** Counts what a text costs. */
export interface Tokenizer {
  /** Vocabulary and revision. */
  readonly id: string;
  /** Token ids without special tokens. */
  encode(text: string): readonly number[];
}
