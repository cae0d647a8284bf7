import { concat, sha384, utf8 } from '@cloister/core';

/** One extension of a runtime measurement. */
export interface RuntimeEvent {
  /** RTMR 0 to 3. */
  readonly register: number;
  /** SHA-384 that was extended, 48 bytes. */
  readonly digest: Uint8Array;
  /** Name and contents, where the digest proves them; an event of the firmware has neither. */
  readonly recorded?: { readonly name: string; readonly payload: Uint8Array };
}

/** Events that a guest's own runtime extends; their digest covers name and payload (dstack event log). */
export const RUNTIME_EVENT = 0x0800_0001;

/** Digest of a runtime event: SHA-384(type as 4 bytes, little-endian || ":" || name || ":" || payload). */
export function digestRuntimeEvent(name: string, payload: Uint8Array): Uint8Array {
  return sha384(concat(Uint8Array.of(0x01, 0x00, 0x00, 0x08), utf8(`:${name}:`), payload));
}
