import type { Embedder } from '@cloister/core';

/** One document in clear, as most applications keep it. */
interface PlainChunk {
  readonly document: string;
  readonly text: string;
  readonly vector: Float32Array;
}

/** The same assistant without any protection: the baseline that the confidential chain is measured against. */
export interface PlainChain {
  /** Asks and gives the whole answer, with the milliseconds of each step. */
  ask(question: string): Promise<PlainAnswer>;
}

/** What the baseline answers and what each step cost. */
export interface PlainAnswer {
  readonly text: string;
  readonly milliseconds: {
    readonly retrieval: number;
    readonly prompt: number;
    readonly answer: number;
    readonly total: number;
  };
}

/** Where the baseline sends its prompt and what it retrieves from. */
export interface PlainChainOptions {
  /** `http://127.0.0.1:PORT` of the inference server itself. */
  readonly url: string;
  readonly model: string;
  readonly embedder: Embedder;
  readonly documents: readonly { readonly id: string; readonly text: string }[];
  /** Chunks to retrieve. Default 6, as the confidential chain. */
  readonly limit?: number;
}

/** Embeds the documents and gives the baseline chain. */
export async function createPlainChain(options: PlainChainOptions): Promise<PlainChain> {
  const vectors = await options.embedder.embed(options.documents.map((document) => document.text));
  const chunks = options.documents.map((document, index) => ({
    document: document.id,
    text: document.text,
    vector: vectors[index] ?? new Float32Array(options.embedder.dimensions),
  }));
  return { ask: (question) => askPlain(options, chunks, question) };
}

async function askPlain(
  options: PlainChainOptions,
  chunks: readonly PlainChunk[],
  question: string,
): Promise<PlainAnswer> {
  const start = performance.now();
  const [query] = await options.embedder.embed([question]);
  const found = query ? nearest(chunks, query, options.limit ?? 6) : [];
  const retrieved = performance.now();
  const content = renderPrompt(found, question);
  const assembled = performance.now();
  const text = await complete(options, content);
  const end = performance.now();
  return {
    text,
    milliseconds: {
      retrieval: retrieved - start,
      prompt: assembled - retrieved,
      answer: end - assembled,
      total: end - start,
    },
  };
}

function nearest(chunks: readonly PlainChunk[], query: Float32Array, limit: number): readonly PlainChunk[] {
  const scored = chunks.map((chunk) => ({ chunk, score: dot(chunk.vector, query) }));
  scored.sort((left, right) => right.score - left.score);
  return scored.slice(0, limit).map(({ chunk }) => chunk);
}

function dot(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < left.length; index++) sum += (left[index] ?? 0) * (right[index] ?? 0);
  return sum;
}

function renderPrompt(found: readonly PlainChunk[], question: string): string {
  const sources = found.map((chunk, index) => `<source n="${index + 1}" key="plain">\n${chunk.text}\n</source>`);
  return `${sources.join('\n')}\nQuestion: ${question}`;
}

async function complete(options: PlainChainOptions, content: string): Promise<string> {
  const response = await fetch(`${options.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model: options.model,
      messages: [
        { role: 'system', content: 'Answer from the sources and cite them.' },
        { role: 'user', content },
      ],
      stream: true,
      max_tokens: 512,
      temperature: 0,
    }),
  });
  let text = '';
  for (const line of (await response.text()).split('\n')) {
    if (!line.startsWith('data: {')) continue;
    const event = JSON.parse(line.slice(6)) as { choices: { delta?: { content?: string } }[] };
    text += event.choices[0]?.delta?.content ?? '';
  }
  return text;
}
