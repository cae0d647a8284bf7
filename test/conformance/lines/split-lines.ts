/** What stands in for a line that is longer than the limit. */
export const TOO_LONG: unique symbol = Symbol('line too long');

/**
 * The lines of a byte stream, without their line feed, as they arrive. A line over `limit` bytes is dropped while it
 * arrives, so memory stays bounded, and yields `TOO_LONG` in its place. Text after the last line feed is a line too.
 */
export async function* splitLines(
  input: AsyncIterable<Uint8Array>,
  limit: number,
): AsyncGenerator<Uint8Array | typeof TOO_LONG> {
  let parts: Uint8Array[] = [];
  let length = 0;
  const take = (): Uint8Array | typeof TOO_LONG => {
    const line = length > limit ? TOO_LONG : Buffer.concat(parts);
    parts = [];
    length = 0;
    return line;
  };
  for await (const chunk of input) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      length += end - start;
      parts.push(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    length += chunk.length - start;
    if (length > limit) parts = [];
    else if (start < chunk.length) parts.push(chunk.subarray(start));
  }
  if (length > 0) yield take();
}
