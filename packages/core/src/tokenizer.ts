/** Counts what a text costs. */
export interface Tokenizer {
  /** Vocabulary and revision. */
  readonly id: string;
  /** Token ids without special tokens. */
  encode(text: string): readonly number[];
}

/** Writes a conversation out as the model's server does before it tokenizes, the opening of the answer included. */
export type ChatTemplate = (messages: readonly { readonly role: string; readonly content: string }[]) => string;
