import { equalAccess } from '../record/record-head.ts';
import type { RecordAccess } from '../record/record-head.ts';

/** The distinct ways in which records may be found: they are judged once each, not once a record. */
export class Audiences {
  readonly #all: RecordAccess[] = [];
  readonly #ids = new Map<string, number>();
  /** Of the record that was asked for last. */
  #last = 0;

  /** Each once; the position is its id. */
  get all(): readonly RecordAccess[] {
    return this.#all;
  }

  /** The id of a record's audience, which stays until `clear`. Both lists are sorted. */
  idOf({ label, acl, compartments, retention }: RecordAccess): number {
    const access = { label, acl, compartments, retention };
    // Most records are of the same audience as the one before.
    const last = this.#all[this.#last];
    if (last !== undefined && equalAccess(last, access)) return this.#last;
    const name = JSON.stringify([label, acl, compartments, retention]);
    const id = this.#ids.get(name) ?? this.#all.push(access) - 1;
    this.#ids.set(name, id);
    this.#last = id;
    return id;
  }

  /** Forgets all of them. */
  clear(): void {
    this.#all.length = 0;
    this.#ids.clear();
  }
}
