declare const restoredBrand: unique symbol;

/** Text in which tokens have been replaced by the values: for the reader whose clearance was checked, and for no log. */
export type Restored = string & { readonly [restoredBrand]: true };

/** Any text but a restored one: what may be written down. A text that was put together anew no longer says what it holds. */
export type Unrestored = string & { readonly [restoredBrand]?: never };
