import { bigEndian, lengthPrefixed, sha256, toHex } from '@cloister/core';
import { keyedHash } from './record-keys.ts';
import type { CollectionKeys } from './record-keys.ts';

/** The id of one chunk's point (DESIGN 6.4): no id that a caller chose reaches the store. 32 hex digits. */
export function pointId(keys: CollectionKeys, document: string, chunk: number): string {
  const message = lengthPrefixed('point', keys.tenant, keys.collection, document, bigEndian(chunk, 4));
  return toHex(keyedHash(keys.sodium, 16, keys.ids, message));
}

/** The blind tag that all chunks of a document share: 32 hex digits. */
export function documentTag(keys: CollectionKeys, document: string): string {
  const message = lengthPrefixed('document', keys.tenant, keys.collection, document);
  return toHex(keyedHash(keys.sodium, 16, keys.ids, message));
}

/** Blind tags of groups, sorted and each once: 32 hex digits a piece. */
export function groupTags(keys: CollectionKeys, groups: readonly string[]): readonly string[] {
  return [...new Set(groups.map((group) => groupTag(keys, group)))].toSorted();
}

/** Records of one call mostly have the same groups, so their tags are kept as long as its keys. */
function groupTag(keys: CollectionKeys, group: string): string {
  const known = keys.groupTags.get(group);
  if (known !== undefined) return known;
  const message = lengthPrefixed('group', keys.tenant, keys.collection, group);
  const tag = toHex(keyedHash(keys.sodium, 16, keys.tags, message));
  keys.groupTags.set(group, tag);
  return tag;
}

/** SHA-256 over the tags in sorted order: the head binds them, so that a store cannot edit its own filter. */
export function tagsDigest(tags: readonly string[]): string {
  return toHex(sha256(lengthPrefixed(...tags.toSorted())));
}
