import { parentPort, workerData } from 'node:worker_threads';
import type { DocumentType } from './document-type.ts';
import { DocumentLimit } from './formats/document-limit.ts';
import { readFormat } from './formats/read-format.ts';
import type { FormatBounds } from './formats/read-format.ts';

// The thread that reads one document: whoever started it ends it when it takes too long or too much.

const { bytes, type, bounds } = workerData as {
  readonly bytes: Uint8Array;
  readonly type: DocumentType;
  readonly bounds: FormatBounds;
};
try {
  parentPort?.postMessage({ content: await readFormat(bytes, type, bounds) });
} catch (error) {
  const isMissing = (error as { readonly code?: unknown }).code === 'ERR_MODULE_NOT_FOUND';
  // What a library says may quote the document: only the kind of failure leaves this thread.
  parentPort?.postMessage(
    error instanceof DocumentLimit ? { bound: error.bound } : { failure: isMissing ? 'library' : 'unreadable' },
  );
}
