import type { Embedder, Tokenizer } from '@cloister/core';
import { prepareEmbedder } from '@cloister/retriever/onnx';

/** What turns text into vectors and tokens. */
export interface Parts {
  readonly embedder: Embedder & { dispose(): Promise<void> };
  readonly tokenizer: Tokenizer;
  /** Says which embedder runs. */
  readonly label: string;
}

/** The real model when its files are at hand or can be fetched, else the labelled hashing embedder. */
export async function prepareParts(say: (line: string) => void): Promise<Parts> {
  const prepared = await prepareEmbedder({
    onProgress: ({ file, receivedBytes, totalBytes }) => {
      if (receivedBytes === totalBytes) say(`model file ${file} ready`);
    },
  });
  say(`embedder: ${prepared.label}`);
  return prepared;
}
