import { Worker } from 'node:worker_threads';
import { retrieverError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import type { DocumentContent } from './document-content.ts';
import type { DocumentType } from './document-type.ts';
import type { DocumentBound } from './formats/document-limit.ts';
import type { FormatBounds, FormatContent } from './formats/read-format.ts';
import { watchMemory } from './watch-memory.ts';

export type { DocumentContent } from './document-content.ts';
export type { DocumentBound } from './formats/document-limit.ts';

/** What the reader goes by. A document beyond a bound is refused, never cut. */
export interface ReadDocumentOptions {
  readonly type: DocumentType;
  /** Bytes of the document; 32 MiB unless said. */
  readonly maxBytes?: number;
  /** Pages of a PDF file; 2,000 unless said. */
  readonly maxPages?: number;
  /** Bytes of a Word document's text and styles once they are inflated; 64 MiB unless said. */
  readonly maxInflatedBytes?: number;
  /** UTF-16 units of the text; what a document may have at most, 4 Mi, unless said. */
  readonly maxCharacters?: number;
  /** Milliseconds; 60,000 unless said. */
  readonly maxTime?: number;
  /** Bytes of memory that reading may take, about; 1 GiB unless said. */
  readonly maxMemory?: number;
  readonly signal?: AbortSignal;
}

/** A document that was read. */
export interface ReadDocument {
  /** Goes into `ingest` as it is: `{ id, ...content, label, acl }`. */
  readonly content: DocumentContent;
  /** What the document calls itself, if it does. */
  readonly title?: string;
  /** Of a PDF file. */
  readonly pages?: number;
}

const MIB = 1024 * 1024;

/** What the thread is given. */
interface ReadTask {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: DocumentType;
  readonly bounds: FormatBounds;
}

interface Answer {
  readonly content?: FormatContent;
  readonly bound?: DocumentBound;
  readonly failure?: 'library' | 'unreadable';
}

/**
 * Reads the text of a document with its headings, so that it can be ingested: PDF, Word (`.docx`), HTML, Markdown or plain
 * text in UTF-8. Each is read in a thread of its own, which is ended when it takes too long or too much: files are hostile
 * input. Nothing is run or fetched.
 * @param bytes are copied; the caller keeps them
 * @throws CloisterError `ERR_RETRIEVER_OPTIONS`; `ERR_RETRIEVER_UNREADABLE` for what is no such document, encrypted or
 *   broken; `ERR_RETRIEVER_BEYOND_BOUND` with the bound as subject; `ERR_RETRIEVER_LIBRARY` when the format's library is
 *   not installed; the signal's reason
 */
export async function readDocument(bytes: Uint8Array, options: ReadDocumentOptions): Promise<ReadDocument> {
  const { type, signal, ...given } = options;
  const limits = { ...LIMITS_UNLESS_SAID, ...given };
  if (!TYPES.includes(type)) throw retrieverError('ERR_RETRIEVER_OPTIONS', { subject: 'type' });
  const wrong = Object.entries(limits).find(([name, value]) => !isLimit(name, value));
  if (wrong !== undefined) throw retrieverError('ERR_RETRIEVER_OPTIONS', { subject: wrong[0] });
  const { maxBytes, maxPages, maxInflatedBytes, maxCharacters, maxTime, maxMemory } = limits;
  const bounds = { pages: maxPages, inflated: maxInflatedBytes, characters: maxCharacters };
  signal?.throwIfAborted();
  if (bytes.length > maxBytes) throw beyond('bytes');
  const answer = await readInThread({ bytes: new Uint8Array(bytes), type, bounds }, maxTime, maxMemory, signal);
  const { content, bound, failure } = answer;
  if (bound !== undefined) throw beyond(bound);
  if (failure === 'library') throw retrieverError('ERR_RETRIEVER_LIBRARY', { subject: type });
  if (content === undefined) throw retrieverError('ERR_RETRIEVER_UNREADABLE', { subject: type });
  const { text, headings, ...more } = content;
  return { content: { text, headings: headings.slice(0, LIMITS.headings) }, ...more };
}

const LIMITS_UNLESS_SAID = {
  maxBytes: 32 * MIB,
  maxPages: 2000,
  maxInflatedBytes: 64 * MIB,
  maxCharacters: LIMITS.text,
  maxTime: 60_000,
  maxMemory: 1024 * MIB,
} as const satisfies Required<Omit<ReadDocumentOptions, 'type' | 'signal'>>;

function isLimit(name: string, value: unknown): boolean {
  return Object.hasOwn(LIMITS_UNLESS_SAID, name) && Number.isSafeInteger(value) && (value as number) >= 1;
}

const TYPES: readonly DocumentType[] = ['pdf', 'docx', 'html', 'markdown', 'text'];

function beyond(bound: DocumentBound): Error {
  return retrieverError('ERR_RETRIEVER_BEYOND_BOUND', { subject: bound });
}

/** The thread's program: beside this one, as source or as what was built from it. */
const PROGRAM = new URL(`./read-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);

async function readInThread(
  workerData: ReadTask,
  maxTime: number,
  maxMemory: number,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const resourceLimits = { maxOldGenerationSizeMb: Math.max(64, Math.ceil(maxMemory / MIB)), stackSizeMb: 4 };
  const transferList = [workerData.bytes.buffer];
  const worker = new Worker(PROGRAM, { workerData, resourceLimits, transferList, stdout: true, stderr: true });
  const timer = setTimeout(() => resolve({ bound: 'time' }), maxTime);
  const memory = watchMemory(maxMemory, () => resolve({ bound: 'memory' }));
  const abort = (): void => reject(signal?.reason as Error);
  signal?.addEventListener('abort', abort);
  worker.once('message', resolve);
  worker.once('error', (error: NodeJS.ErrnoException) =>
    resolve(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? { bound: 'memory' } : { failure: 'unreadable' }),
  );
  worker.once('exit', () => resolve({ failure: 'unreadable' }));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    memory.stop();
    signal?.removeEventListener('abort', abort);
    await worker.terminate();
  }
}
