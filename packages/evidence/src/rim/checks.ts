/** Checks of a reference manifest, in their order. */
export const RIM_CHECK_IDS = [
  'rim.format',
  'rim.root',
  'rim.chain',
  'rim.validity',
  'rim.revocation',
  'rim.digest',
  'rim.signature',
] as const;

/** The name of a check of a reference manifest. */
export type RimCheckId = (typeof RIM_CHECK_IDS)[number];
