import type { Ledger } from '@cloister/core';
import { openCollectionLedger } from '@cloister/tenancy';
import type { CollectionLedger } from '@cloister/tenancy';
import { retrieverError } from '../errors.ts';
import { LexicalIndex } from '../lexical/lexical-index.ts';
import type { TermSplitter } from '../lexical/split-terms.ts';
import { createSerial } from '../serial.ts';
import type { Serial } from '../serial.ts';
import { Arena } from './arena.ts';

/** An arena with the queues that keep its readers and writers apart. */
export interface ArenaSlot {
  readonly arena: Arena;
  /** What the store must hold; `undefined` when the retriever was given no ledger. */
  readonly ledger: CollectionLedger | undefined;
  /** Around everything that reads or changes the arena or the ledger. */
  readonly access: Serial;
  /** Around a whole ingestion or removal, so that two of them cannot mix one document's chunks. */
  readonly writing: Serial;
}

/** The arenas of all tenants in memory, within one bound on their bytes. */
export interface ArenaCache {
  /**
   * The slot of a partition. Its name comes from keys, so only a capability for the tenant leads here.
   * @throws CloisterError `ERR_RETRIEVER_CLOSED`
   */
  slot(partition: string): ArenaSlot;
  /** Zeroes all arenas for good. */
  close(): void;
}

/** What a cache of arenas is made of. */
export interface ArenaCacheOptions {
  /** Components of a vector. */
  readonly dimensions: number;
  /** Of vectors and words: one arena may use all of it, and idle ones give way, least recently used first. */
  readonly maxBytes: number;
  readonly ledger: Ledger | undefined;
  /** Splits texts into words, when searches rank by them. */
  readonly terms: TermSplitter | undefined;
}

/** An empty cache. */
export function createArenaCache({ dimensions, maxBytes, ledger, terms }: ArenaCacheOptions): ArenaCache {
  const slots = new Map<string, ArenaSlot>();
  let open = true;

  function evict(): void {
    let bytes = 0;
    for (const { arena } of slots.values()) bytes += arena.bytes;
    for (const [partition, { arena, access, writing }] of slots) {
      if (bytes <= maxBytes) return;
      if (access.busy || writing.busy) continue;
      bytes -= arena.bytes;
      arena.reset();
      slots.delete(partition);
    }
  }

  return {
    slot(partition) {
      if (!open) throw retrieverError('ERR_RETRIEVER_CLOSED');
      const slot = slots.get(partition) ?? {
        arena: new Arena(dimensions, maxBytes, terms && new LexicalIndex(terms)),
        ledger: ledger && openCollectionLedger(ledger, partition),
        access: createSerial(),
        writing: createSerial(),
      };
      // Deleting first moves the slot to the end of the map: the order is that of use. Evicting between keeps the slot.
      slots.delete(partition);
      evict();
      slots.set(partition, slot);
      return slot;
    },
    close() {
      open = false;
      for (const { arena } of slots.values()) arena.reset();
      slots.clear();
    },
  };
}
