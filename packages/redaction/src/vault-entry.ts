import type { Classification } from '@cloister/core';
import type { EntryType } from './types.ts';

/** One value of a vault with all the ways it was written. */
export interface VaultEntry {
  readonly type: EntryType;
  readonly id: string;
  /** The highest label of its sources; absent while no source had one. */
  label: Classification | undefined;
  /** Ids of the parts it was seen in, at most 64; absent while none was named. */
  sources?: Set<string>;
  /** UTF-16 code units of every written form, first seen first. */
  readonly forms: Uint16Array[];
}
