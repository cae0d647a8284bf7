/**
 * How records are kept (DESIGN 6.4), from what tells a store least to what tells it everything.
 * `sealed`: nothing but sealed bytes. `cells`: also which records lie in one bucket of alike ones. `prefix`: also 64 obfuscated components of each vector. `plain`: text, vector and
 * label in clear, authenticated but readable.
 */
export type SearchMode = 'sealed' | 'cells' | 'prefix' | 'plain';

/** Every way to keep records, in the order of what a store learns. */
export const SEARCH_MODES: readonly SearchMode[] = ['sealed', 'cells', 'prefix', 'plain'];
