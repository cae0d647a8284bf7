/** Mints opaque handles and resolves them: the only way from a handle to what it stands for. */
export interface Mint<Handle extends object, Contents> {
  /** Registers `handle` as standing for `contents` and freezes it. */
  mint(handle: Handle, contents: Contents): Handle;
  /** What a handle of this mint stands for; `undefined` for copies, casts and foreign objects. */
  resolve(handle: unknown): Contents | undefined;
}

/**
 * A private registry of capabilities (DESIGN 6.3). The registry is a WeakMap in a closure, so an object that merely
 * looks like a handle resolves to nothing. Code in the same process that holds a handle is trusted with it.
 */
export function createMint<Handle extends object, Contents>(): Mint<Handle, Contents> {
  const registry = new WeakMap<object, Contents>();
  return {
    mint(handle, contents) {
      registry.set(handle, contents);
      return Object.freeze(handle);
    },
    resolve(handle) {
      return typeof handle === 'object' && handle !== null ? registry.get(handle) : undefined;
    },
  };
}
