import { equalBytes, fromHex, parseJson } from '@cloister/core';
import * as z from 'zod/mini';
import { tdxError } from '../errors.ts';
import { digestRuntimeEvent, RUNTIME_EVENT, type RuntimeEvent } from './runtime-event.ts';

interface Entry {
  readonly imr: number;
  readonly event_type: number;
  readonly digest: string;
  readonly event: string;
  readonly event_payload: string;
}

const schema: z.ZodMiniType<readonly Entry[]> = z
  .array(
    z.strictObject({
      imr: z.int().check(z.minimum(0), z.maximum(3)),
      event_type: z.int().check(z.minimum(0), z.maximum(0xffff_ffff)),
      digest: z.string().check(z.regex(/^[0-9a-f]{96}$/)),
      event: z.string().check(z.maxLength(256)),
      event_payload: z.string().check(z.regex(/^(?:[0-9a-f]{2})*$/)),
    }),
  )
  .check(z.maxLength(4096));

function readEntry({ imr, event_type: type, digest: hex, event: name, event_payload }: Entry): RuntimeEvent {
  const digest = fromHex(hex);
  if (type !== RUNTIME_EVENT) return { register: imr, digest };
  const payload = fromHex(event_payload);
  if (!equalBytes(digestRuntimeEvent(name, payload), digest)) throw tdxError('ERR_EVIDENCE_EVENT_LOG_MISMATCH');
  return { register: imr, digest, recorded: { name, payload } };
}

/**
 * Parses a JSON event log as dstack writes it: objects of imr, event_type, digest, event and event_payload. The digest of a
 * runtime event must be that of its name and payload; what firmware events carry beside their digest is not relied on.
 * @throws CloisterError ERR_EVIDENCE_EVENT_LOG_MALFORMED or ERR_EVIDENCE_EVENT_LOG_MISMATCH
 */
export function parseJsonLog(bytes: Uint8Array): readonly RuntimeEvent[] {
  let entries: readonly Entry[] | undefined;
  try {
    entries = schema.safeParse(parseJson(bytes, { maxBytes: 1024 * 1024, maxDepth: 3 })).data;
  } catch {
    entries = undefined;
  }
  if (entries === undefined) throw tdxError('ERR_EVIDENCE_EVENT_LOG_MALFORMED');
  return entries.map(readEntry);
}
