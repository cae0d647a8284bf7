import { retrieverError } from '../errors.ts';
import type { OpenedHead } from '../record/open-record.ts';
import type { LexicalIndex } from '../lexical/lexical-index.ts';
import { decodeVector } from '../record/seal-record.ts';
import { Audiences } from './audiences.ts';
import { rowsWithin, VectorMemory } from './vector-memory.ts';

/** What is known of one opened record, besides its vector. */
export interface ArenaRow {
  readonly id: string;
  /** Blind tag of the document. */
  readonly document: string;
  readonly version: number;
  /** SHA-256 of the sealed head in hex. */
  readonly digest: string;
  /** SHA-256 of the sealed vector in hex. */
  readonly vector: string;
  /** Blind tags of its groups, sorted. */
  readonly tags: readonly string[];
  /** Blind tag of its cell; empty where rows count for every question. */
  readonly cell: string;
}

/**
 * The opened vectors of one tenant's collection, in one block of memory. Rows move when others are removed; a row's
 * vector is at `row * dimensions`.
 */
export class Arena {
  readonly dimensions: number;
  /** The words of the opened texts; `undefined` unless searches rank by them. */
  readonly lexical: LexicalIndex | undefined;
  readonly audiences: Audiences = new Audiences();
  /** Units of which all records have been opened, in the order of their use. */
  readonly loaded: Set<string> = new Set();
  /** Points that others have changed since they were opened, by the ledger. */
  readonly outdated: Set<string> = new Set();
  /** Highest version seen per document tag; survives `reset`. */
  readonly newest: Map<string, number> = new Map();
  readonly #maxRows: number;
  readonly #maxBytes: number;
  readonly #rows: ArenaRow[] = [];
  /** Place in `audiences` by row: records with equal label and groups share one. */
  readonly #audienceOf: number[] = [];
  /** Slot in `lexical` by row. */
  readonly #slots: number[] = [];
  readonly #places = new Map<string, number>();
  readonly #documents = new Map<string, Set<string>>();
  readonly #memory: VectorMemory;

  /** An empty arena. @param maxBytes of vectors, and of words */
  constructor(dimensions: number, maxBytes: number, lexical?: LexicalIndex) {
    this.dimensions = dimensions;
    this.lexical = lexical;
    this.#maxBytes = maxBytes;
    this.#maxRows = rowsWithin(maxBytes, dimensions);
    this.#memory = new VectorMemory(dimensions);
  }

  /** Place in `audiences` by the place of the row. */
  get audienceOf(): readonly number[] {
    return this.#audienceOf;
  }

  /** All rows; the position is the place of the vector. */
  get rows(): readonly ArenaRow[] {
    return this.#rows;
  }

  /** At least `rows.length * dimensions` components; another array once it has grown. */
  get vectors(): Float32Array {
    return this.#memory.vectors;
  }

  /** Bytes of vectors and words in memory. */
  get bytes(): number {
    return this.blocks.reduce((sum, block) => sum + block.length, this.lexical?.bytes ?? 0);
  }

  /** Every block of memory in which something of the vectors is kept. */
  get blocks(): readonly Uint8Array[] {
    return this.#memory.blocks;
  }

  /** Begins a scan that rules rows out; `undefined` where they have to be compared one by one. */
  scan(query: Float32Array): ReturnType<VectorMemory['scan']> {
    return this.#memory.scan(query);
  }

  /** Where the row of a point is now; -1 when there is none. */
  placeOf(id: string): number {
    return this.#places.get(id) ?? -1;
  }

  /** The slot in `lexical` of the row at a place. */
  slotAt(place: number): number {
    return this.#slots[place] as number;
  }

  /** The row of a point. */
  find(id: string): ArenaRow | undefined {
    const place = this.#places.get(id);
    return place === undefined ? undefined : this.#rows[place];
  }

  /**
   * Adds or replaces a row. @param vector `4 * dimensions` bytes, little-endian floats; @param text goes into `lexical`; @param cell unless the row counts for every question
   * @throws CloisterError `ERR_RETRIEVER_TOO_LARGE`
   */
  put(
    id: string,
    document: string,
    { head, digest, tags }: OpenedHead,
    vector: Uint8Array,
    text = '',
    cell = '',
  ): void {
    const place = this.#places.get(id) ?? this.#rows.length;
    this.#reserve(place + 1);
    this.#memory.put(place, decodeVector(vector));
    this.#index(place, text);
    this.#rows[place] = { id, document, version: head.version, digest, vector: head.vector, tags, cell };
    this.#audienceOf[place] = this.audiences.idOf(head);
    this.#places.set(id, place);
    this.#documents.set(document, (this.#documents.get(document) ?? new Set()).add(id));
  }

  #index(place: number, text: string): void {
    const { lexical } = this;
    if (lexical === undefined) return;
    if (place < this.#rows.length) lexical.remove(this.slotAt(place));
    this.#slots[place] = lexical.add(text);
    this.#compact();
    if (lexical.bytes > this.#maxBytes) {
      throw retrieverError('ERR_RETRIEVER_TOO_LARGE', { detail: { limit: this.#rows.length } });
    }
  }

  #compact(): void {
    const moved = this.lexical?.compact();
    if (moved === undefined) return;
    for (const [place, slot] of this.#slots.entries()) this.#slots[place] = moved[slot] as number;
  }

  /** Removes the rows of a document, those below a version if one is given; returns their ids. */
  removeDocument(document: string, below: number = Number.POSITIVE_INFINITY): readonly string[] {
    const ids = [...(this.#documents.get(document) ?? [])].filter((id) => (this.find(id)?.version ?? below) < below);
    for (const id of ids) this.remove(id);
    if (this.#documents.get(document)?.size === 0) this.#documents.delete(document);
    return ids;
  }

  /** Forgets everything but `newest` and zeroes the vectors. */
  reset(): void {
    this.#memory.clear();
    this.#rows.length = 0;
    this.#audienceOf.length = 0;
    this.#slots.length = 0;
    this.lexical?.clear();
    this.#places.clear();
    this.#documents.clear();
    this.audiences.clear();
    this.loaded.clear();
    this.outdated.clear();
  }

  /**
   * Forgets cells until `count` more rows fit and words take no more than half of the room, those first that were asked for
   * longest ago, but none of `units`. Those are the last in the order of use from now on.
   */
  makeRoom(units: readonly string[], count: number): void {
    const kept = new Set(units.map(cellOf));
    for (const unit of units) if (this.loaded.delete(unit)) this.loaded.add(unit);
    for (const unit of this.loaded) {
      if (this.#hasRoom(count)) return;
      if (!kept.has(cellOf(unit))) this.#forgetCell(cellOf(unit));
    }
  }

  /** As `makeRoom`, row by row: those first that were used longest ago. */
  forgetOldest(count: number): void {
    for (const id of this.#places.keys()) {
      if (this.#hasRoom(count)) return;
      this.remove(id);
      this.#compact();
    }
  }

  /** Makes a row the last in the order of use. */
  touch(id: string): void {
    const place = this.#places.get(id);
    if (place === undefined) return;
    this.#places.delete(id);
    this.#places.set(id, place);
  }

  #hasRoom(count: number): boolean {
    return this.#rows.length + count <= this.#maxRows && 2 * (this.lexical?.bytes ?? 0) <= this.#maxBytes;
  }

  #forgetCell(cell: string): void {
    for (const unit of this.loaded) if (cellOf(unit) === cell) this.loaded.delete(unit);
    for (const row of this.#rows.filter((one) => one.cell === cell)) this.remove(row.id);
    this.#compact();
  }

  #reserve(count: number): void {
    if (count * this.dimensions <= this.vectors.length) return;
    const tooLarge = (): Error => retrieverError('ERR_RETRIEVER_TOO_LARGE', { detail: { limit: this.#maxRows } });
    if (count > this.#maxRows) throw tooLarge();
    try {
      this.#memory.reserve(Math.min(this.#maxRows, Math.max(128, count * 2)));
    } catch {
      throw tooLarge();
    }
  }

  /** Rows of a document. */
  ofDocument(document: string): readonly ArenaRow[] {
    return [...(this.#documents.get(document) ?? [])].map((id) => this.find(id) as ArenaRow);
  }

  /** Removes the row of a point, if there is one. The last row takes its place. */
  remove(id: string): void {
    const place = this.#places.get(id);
    const moved = this.#rows.at(-1);
    if (place === undefined || moved === undefined) return;
    const last = this.#rows.length - 1;
    this.#memory.move(last, place);
    this.#documents.get((this.#rows[place] as ArenaRow).document)?.delete(id);
    this.#rows[place] = moved;
    this.#places.set(moved.id, place);
    this.#rows.pop();
    this.#audienceOf[place] = this.#audienceOf[last] as number;
    this.#audienceOf.pop();
    if (this.lexical !== undefined) {
      this.lexical.remove(this.slotAt(place));
      this.#slots[place] = this.slotAt(last);
      this.#slots.pop();
    }
    this.#places.delete(id);
  }
}

/** The cell of a unit: what stands before the group. */
function cellOf(unit: string): string {
  return unit.split(' ', 1)[0] as string;
}
