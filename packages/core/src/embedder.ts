/** Turns texts into vectors of one fixed length. Deterministic: the same text gives the same vector on every run. */
export interface Embedder {
  /** Model and revision: two embedders with one id are interchangeable. */
  readonly id: string;
  /** Components of a vector. */
  readonly dimensions: number;
  /** One L2-normalised vector per text, in order. */
  embed(texts: readonly string[], options?: { readonly signal?: AbortSignal }): Promise<readonly Float32Array[]>;
}
