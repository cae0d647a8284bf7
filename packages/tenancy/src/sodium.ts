import sodium from 'libsodium-wrappers';

/** libsodium's functions. */
export type Sodium = typeof sodium;

/** The state of a stream, in libsodium's memory. */
export type SodiumState = ReturnType<Sodium['crypto_secretstream_xchacha20poly1305_init_pull']>;

/** The memory of libsodium's module, which its types leave out. */
export interface SodiumMemory {
  _malloc(length: number): number;
  _free(address: number): void;
  /** Made anew when the memory grows. */
  readonly HEAPU8: Uint8Array;
}

let isZeroing = false;

/**
 * libsodium once its module is ready. Every call copies its key and its text into the module's memory, and the wrapper gives
 * that back as it is: here it is zeroed first, so that no copy outlives the call.
 */
export async function loadSodium(): Promise<Sodium> {
  await sodium.ready;
  if (!isZeroing) zeroWhatIsFreed(sodiumMemory());
  isZeroing = true;
  return sodium;
}

/** The memory of libsodium's module, once `loadSodium` has resolved. */
export function sodiumMemory(): SodiumMemory {
  return (sodium as unknown as { readonly libsodium: SodiumMemory }).libsodium;
}

/** Gives the state of a stream back, key included. The wrapper never does. */
export function freeSodiumState(state: SodiumState): void {
  sodiumMemory()._free(state as unknown as number);
}

function zeroWhatIsFreed(memory: SodiumMemory): void {
  const [malloc, free] = [memory._malloc.bind(memory), memory._free.bind(memory)];
  const lengths = new Map<number, number>();
  memory._malloc = (length) => {
    const address = malloc(length);
    lengths.set(address, length);
    return address;
  };
  memory._free = (address) => {
    memory.HEAPU8.fill(0, address, address + (lengths.get(address) ?? 0));
    lengths.delete(address);
    free(address);
  };
}
