import sodium from 'libsodium-wrappers';

/** libsodium's functions. */
export type Sodium = typeof sodium;

/** libsodium once its module is ready. */
export async function loadSodium(): Promise<Sodium> {
  await sodium.ready;
  return sodium;
}
