import { nodeHash, sha256 } from './hash.ts';

/** A tree that only grows: the roots of its complete subtrees, from the widest to the narrowest. */
export class GrowingTree {
  size = 0;
  readonly #peaks: { readonly width: number; readonly hash: Buffer }[] = [];

  /** Adds a leaf's hash; two subtrees of one width become the next wider one. */
  append(hash: Buffer): void {
    this.size += 1;
    let peak = { width: 1, hash };
    for (let last = this.#peaks.at(-1); last?.width === peak.width; last = this.#peaks.at(-1)) {
      this.#peaks.pop();
      peak = { width: peak.width * 2, hash: nodeHash(last.hash, peak.hash) };
    }
    this.#peaks.push(peak);
  }

  /** RFC 6962 section 2.1: the root over all leaves so far. */
  root(): Buffer {
    const [last, ...rest] = this.#peaks.toReversed();
    if (last === undefined) return sha256();
    return rest.reduce((hash, peak) => nodeHash(peak.hash, hash), last.hash);
  }
}
