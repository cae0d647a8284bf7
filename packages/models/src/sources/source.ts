import type { ModelFile, ModelSource } from '../model-manifest.ts';

/** What fetching one file needs. */
export interface SourceRequest<Kind extends ModelSource['kind']> {
  readonly file: ModelFile;
  readonly source: Extract<ModelSource, { kind: Kind }>;
  /** Called with the bytes received so far. */
  readonly onReceived: (bytes: number) => void;
  readonly signal: AbortSignal | undefined;
}

/** Collects at most `limit` bytes; `undefined` when there are more. @param onReceived called with the sum so far */
export async function collect(
  chunks: AsyncIterable<Uint8Array>,
  limit: number,
  onReceived: (bytes: number) => void,
): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(limit);
  let length = 0;
  for await (const chunk of chunks) {
    if (length + chunk.length > limit) return undefined;
    bytes.set(chunk, length);
    length += chunk.length;
    onReceived(length);
  }
  return bytes.subarray(0, length);
}
