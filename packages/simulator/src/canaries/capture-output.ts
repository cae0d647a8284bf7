import process from 'node:process';

/** What a piece of work printed. */
export interface CapturedOutput<Result> {
  readonly result: PromiseSettledResult<Result>;
  /** Everything that went to stdout and stderr meanwhile, console included, in bytes. */
  readonly output: Uint8Array;
}

/** Runs a piece of work and keeps what this process prints meanwhile; it is printed nowhere. */
export async function captureOutput<Result>(work: () => Promise<Result>): Promise<CapturedOutput<Result>> {
  const parts: Uint8Array[] = [];
  const streams = [process.stdout, process.stderr].map((stream) => ({
    stream,
    write: Reflect.get(stream, 'write') as typeof stream.write,
  }));
  const consoles = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) => ({ name, call: console[name] }));
  const keep = (part: unknown): true => {
    parts.push(typeof part === 'string' ? Buffer.from(part) : Buffer.from(part as Uint8Array));
    return true;
  };
  for (const { stream } of streams) stream.write = keep;
  // A test runner may have put its own console in front of the streams.
  for (const { name } of consoles) console[name] = (...given: unknown[]) => void keep(given.map(String).join(' '));
  try {
    const [result] = await Promise.allSettled([work()]);
    return { result, output: new Uint8Array(Buffer.concat(parts)) };
  } finally {
    for (const { stream, write } of streams) stream.write = write;
    for (const { name, call } of consoles) console[name] = call;
  }
}
