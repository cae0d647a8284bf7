import { approximateTokenizer, hashingEmbedder } from '@cloister/retriever';
export async function prepareParts(say) {
  const e = hashingEmbedder();
  return {
    embedder: { id: e.id, dimensions: e.dimensions, embed: (t, o) => e.embed(t, o), dispose: async () => {} },
    tokenizer: typeof approximateTokenizer === 'function' ? approximateTokenizer() : approximateTokenizer,
    label: 'hashing',
  };
}
