/** The two roots of a tenant (DESIGN 6.3): data keys rotate by version, index keys keep their ids. */
export type RootName = 'data' | 'index';

/** What a subkey is for, and the root it comes from. No key serves two purposes. */
export const KEY_PURPOSES = {
  payload: 'data',
  vector: 'data',
  head: 'data',
  memory: 'data',
  vault: 'data',
  ids: 'index',
  tags: 'index',
  cells: 'index',
  cache: 'index',
  pseudonyms: 'index',
} as const satisfies Readonly<Record<string, RootName>>;

/** A purpose of `KEY_PURPOSES`. */
export type KeyPurpose = keyof typeof KEY_PURPOSES;
