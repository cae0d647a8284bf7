import { toHex } from '@cloister/core';
import type { Ledger, LedgerChanges, LedgerDelta, LedgerEntry } from '@cloister/core';
import { tenancyError } from '../errors.ts';
import { hashEntry, merkleRoot, updateMerkleMap } from './merkle-map.ts';
import type { MerkleChange, MerkleMap } from './merkle-map.ts';

/** A collection of a ledger as this process knows it, checked against the ledger's root at every step. */
export interface CollectionLedger {
  /** How many entries there are. */
  readonly size: number;
  /** Rises with every change of anybody. */
  readonly sequence: number;
  /** 64 hex digits. */
  readonly root: string;
  /** What a writer announced and has not settled. */
  readonly intent: LedgerChanges | undefined;
  entry(id: string): LedgerEntry | undefined;
  /** The entries of one document. */
  ofDocument(document: string): readonly LedgerEntry[];
  /** The entries with this tag. */
  withTag(tag: string): readonly LedgerEntry[];
  /** Whether a record with this digest is genuine: the one of the entry, or one that is announced. */
  accepts(id: string, digest: string): boolean;
  entries(): Iterable<LedgerEntry>;
  /**
   * Catches up with the ledger.
   * @returns the ids that others have changed since
   * @throws CloisterError `ERR_TENANCY_LEDGER_FORKED` when the ledger went back or its entries do not give its root
   */
  refresh(): Promise<readonly string[]>;
  /**
   * Applies `changes` and leaves `intent` announced, if nobody was faster. Throws what the ledger throws.
   * @returns whether it was done; otherwise refresh and decide again
   */
  advance(changes: LedgerChanges, intent?: LedgerChanges): Promise<boolean>;
}

/** Turns a state into itself: for a step that only announces. */
export const NO_CHANGES: LedgerChanges = { put: [], remove: [] };

/** Opens a collection without reading it: `refresh` does. */
export function openCollectionLedger(ledger: Ledger, collection: string): CollectionLedger {
  return new View(ledger, collection);
}

class View implements CollectionLedger {
  readonly #ledger: Ledger;
  readonly #collection: string;
  readonly #entries = new Map<string, LedgerEntry>();
  readonly #documents = new Map<string, Set<string>>();
  /** Ids by tag, once somebody has asked. */
  #tags: Map<string, Set<string>> | undefined;
  #announced = new Map<string, string>();
  #intent: LedgerChanges | undefined;
  #tree: MerkleMap;
  sequence = 0;

  constructor(ledger: Ledger, collection: string) {
    this.#ledger = ledger;
    this.#collection = collection;
  }

  get size(): number {
    return this.#entries.size;
  }

  get root(): string {
    return toHex(merkleRoot(this.#tree));
  }

  get intent(): LedgerChanges | undefined {
    return this.#intent;
  }

  entry(id: string): LedgerEntry | undefined {
    return this.#entries.get(id);
  }

  ofDocument(document: string): readonly LedgerEntry[] {
    return [...(this.#documents.get(document) ?? [])].map((id) => this.#entries.get(id) as LedgerEntry);
  }

  withTag(tag: string): readonly LedgerEntry[] {
    if (this.#tags === undefined) {
      this.#tags = new Map();
      for (const entry of this.#entries.values()) this.#indexTags(entry);
    }
    return [...(this.#tags.get(tag) ?? [])].map((id) => this.#entries.get(id) as LedgerEntry);
  }

  #indexTags({ id, tags }: LedgerEntry): void {
    for (const tag of tags) this.#tags?.set(tag, (this.#tags.get(tag) ?? new Set()).add(id));
  }

  accepts(id: string, digest: string): boolean {
    return this.#entries.get(id)?.digest === digest || this.#announced.get(id) === digest;
  }

  entries(): Iterable<LedgerEntry> {
    return this.#entries.values();
  }

  async refresh(): Promise<readonly string[]> {
    const delta = await this.#ledger.read(this.#collection, this.sequence);
    if (delta.sequence < this.sequence) throw tenancyError('ERR_TENANCY_LEDGER_FORKED');
    const changes = this.#completed(delta);
    const tree = updated(this.#tree, changes);
    if (toHex(merkleRoot(tree)) !== delta.root) throw tenancyError('ERR_TENANCY_LEDGER_FORKED');
    this.#take(changes, tree);
    this.sequence = delta.sequence;
    this.#announce(delta.intent);
    return [...changes.put.map(({ id }) => id), ...changes.remove];
  }

  async advance(changes: LedgerChanges, intent?: LedgerChanges): Promise<boolean> {
    const tree = updated(this.#tree, changes);
    const next = { changes, root: toHex(merkleRoot(tree)), intent };
    if (!(await this.#ledger.advance(this.#collection, this.sequence, next))) return false;
    this.#take(changes, tree);
    this.sequence++;
    this.#announce(intent);
    return true;
  }

  /** A delta from the beginning says nothing about what is gone: whatever it does not name was removed. */
  #completed({ since, changes }: LedgerDelta): LedgerChanges {
    if (since === this.sequence) return changes;
    if (since !== 0) throw tenancyError('ERR_TENANCY_LEDGER_FORKED');
    const named = new Set(changes.put.map(({ id }) => id));
    return {
      put: changes.put.filter((entry) => this.#entries.get(entry.id)?.digest !== entry.digest),
      remove: [...this.#entries.keys()].filter((id) => !named.has(id)),
    };
  }

  #take({ put, remove }: LedgerChanges, tree: MerkleMap): void {
    for (const id of remove) this.#forget(id);
    for (const entry of put) {
      this.#forget(entry.id);
      this.#entries.set(entry.id, entry);
      this.#indexTags(entry);
      this.#documents.set(entry.document, (this.#documents.get(entry.document) ?? new Set()).add(entry.id));
    }
    this.#tree = tree;
  }

  #forget(id: string): void {
    const { document = '', tags = [] } = this.#entries.get(id) ?? {};
    for (const tag of tags) this.#tags?.get(tag)?.delete(id);
    this.#entries.delete(id);
    const ids = this.#documents.get(document);
    ids?.delete(id);
    if (ids?.size === 0) this.#documents.delete(document);
  }

  #announce(intent: LedgerChanges | undefined): void {
    this.#intent = intent;
    this.#announced = new Map(intent?.put.map(({ id, digest }) => [id, digest]));
  }
}

function updated(tree: MerkleMap, { put, remove }: LedgerChanges): MerkleMap {
  const changes: MerkleChange[] = put.map((entry) => [entry.id, hashEntry(entry)]);
  for (const id of remove) changes.push([id, undefined]);
  return updateMerkleMap(
    tree,
    changes.toSorted(([left], [right]) => (left < right ? -1 : 1)),
  );
}
