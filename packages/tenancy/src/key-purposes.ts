/** The two roots of a tenant (DESIGN 6.3): data keys rotate by version, index keys keep their ids. */
export type RootName = 'data' | 'index';

/** What a subkey is for. */
export type KeyPurpose =
  | 'payload'
  | 'vector'
  | 'head'
  | 'memory'
  | 'vault'
  | 'ids'
  | 'tags'
  | 'cells'
  | 'prefix'
  | 'cache'
  | 'pseudonyms';

/** The root that the key of each purpose comes from. No key serves two purposes. */
export const KEY_PURPOSES: Readonly<Record<KeyPurpose, RootName>> = {
  payload: 'data',
  vector: 'data',
  head: 'data',
  memory: 'data',
  vault: 'data',
  ids: 'index',
  tags: 'index',
  cells: 'index',
  prefix: 'index',
  cache: 'index',
  pseudonyms: 'index',
};
