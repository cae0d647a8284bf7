import { isCloisterError } from '@cloister/core';
import type { AuditEvent } from '@cloister/core';
import { auditError } from '../errors.ts';
import { createEventCodec } from '../events/encode-event.ts';
import { readFrames } from './frames.ts';
import { createLogDirectory } from './log-directory.ts';
import type { LogDirectory } from './log-directory.ts';
import { HEADER_LENGTH, readHeader, segmentName } from './segment-header.ts';
import { listSegments } from './segments.ts';

/** One stored event. */
export interface StoredEvent {
  readonly index: number;
  readonly event: AuditEvent;
  /** The leaf: canonical JSON. */
  readonly entry: Uint8Array;
}

/**
 * The events of a log in order, without a lock and without any proof: `verifyLog` is for that. An unfinished write at the
 * end is left out.
 * @param options.from index of the first event wanted; what was removed before it is skipped
 * @throws CloisterError `ERR_AUDIT_CORRUPT` on bytes that are no log, `ERR_AUDIT_UNAVAILABLE` when files cannot be read
 */
export async function* readLog(
  path: string,
  options: { readonly from?: number } = {},
): AsyncGenerator<StoredEvent, void, undefined> {
  const directory = createLogDirectory(path);
  try {
    for (const number of await listSegments(directory)) yield* readSegment(directory, number, options.from ?? 0);
  } catch (error) {
    if (isCloisterError(error)) throw error;
    throw auditError('ERR_AUDIT_UNAVAILABLE', { subject: 'read', cause: error });
  }
}

const codec = createEventCodec();

async function* readSegment(directory: LogDirectory, number: number, from: number): AsyncGenerator<StoredEvent> {
  await using file = await directory.files.open(directory.path(segmentName(number)), 'r');
  let index = (await readHeader(file)).first;
  for await (const { entry } of readFrames(file, HEADER_LENGTH)) {
    if (index >= from) yield { index, event: decode(entry, index), entry: Uint8Array.from(entry) };
    index += 1;
  }
}

function decode(entry: Uint8Array, index: number): AuditEvent {
  try {
    return codec.decode(entry);
  } catch {
    throw auditError('ERR_AUDIT_CORRUPT', { detail: { index } });
  }
}
