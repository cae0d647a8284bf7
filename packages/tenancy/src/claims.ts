import { CLASSIFICATIONS } from '@cloister/core';
import type { PrincipalClaims } from '@cloister/core';
import * as z from 'zod';

/** A name in claims: 1 to 256 characters, well-formed, no control characters, no space at the ends. */
const name = z
  .string()
  .min(1)
  .max(256)
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text) && text.trim() === text);

const names = z.array(name).max(256).readonly();

/** The strict shape of `PrincipalClaims`: at most 256 groups and compartments. */
export const claimsSchema: z.ZodType<PrincipalClaims> = z.strictObject({
  issuer: name,
  tenant: name,
  subject: name,
  groups: names,
  clearance: z.enum(CLASSIFICATIONS),
  compartments: names,
  purpose: name,
});
