import { bigEndian, concat, lengthPrefixed, sha256Hex, toHex } from '@cloister/core';
import { keyedHash } from '../keyed-hash.ts';
import type { CollectionKeys, TagSet } from './record-keys.ts';

/** The id of one chunk's point (DESIGN 6.4): no id that a caller chose reaches the store. 32 hex digits. */
export function pointId(keys: CollectionKeys, document: string, chunk: number): string {
  const message = concat(keys.pointScope, lengthPrefixed(document, bigEndian(chunk, 4)));
  return toHex(keyedHash(keys.sodium, 16, keys.ids, message));
}

/** The blind tag that all chunks of a document share: 32 hex digits. */
export function documentTag(keys: CollectionKeys, document: string): string {
  const message = concat(keys.documentScope, lengthPrefixed(document));
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

/** The tags of a record's groups: as most records of a call have the same ones, they are found once. */
export function tagSet(keys: CollectionKeys, groups: readonly string[]): TagSet {
  const name = JSON.stringify(groups);
  const known = keys.tagSets.get(name);
  if (known !== undefined) return known;
  const tags = groupTags(keys, groups);
  const set = { tags, digest: tagsDigest(tags) };
  keys.tagSets.set(name, set);
  return set;
}

/** Whether a store's answer has exactly these sorted tags, in whatever order. */
export function equalTags(tags: readonly string[], given: readonly string[]): boolean {
  const areEqual = (others: readonly string[]): boolean => tags.every((tag, index) => tag === others[index]);
  return tags.length === given.length && (areEqual(given) || areEqual(given.toSorted()));
}

/** SHA-256 over the tags in sorted order, in hex. */
function tagsDigest(tags: readonly string[]): string {
  return sha256Hex(lengthPrefixed(...tags.toSorted()));
}
