import { z } from 'zod';

/** How many requests the engine gets at a time, and how long others wait for their turn. */
export interface ConcurrencySettings {
  /** Never fewer. Default 1. */
  readonly least?: number;
  /** Never more; what it begins with. Default 256. */
  readonly most?: number;
  /** Requests that may wait, of all tenants. Default 1024. */
  readonly waiting?: number;
  /** Longest wait in ms. Default 30,000. */
  readonly waitMilliseconds?: number;
  /** A first byte of an answer that takes longer than this, in ms, means that the engine has too much to do. Default 10,000. */
  readonly lateMilliseconds?: number;
}

/** Strict, with every default filled in. */
export const concurrencySchema: z.ZodType<Required<ConcurrencySettings>, unknown> = z
  .strictObject({
    least: z.int().min(1).max(100_000).default(1),
    most: z.int().min(1).max(100_000).default(256),
    waiting: z.int().min(0).max(1_000_000).default(1024),
    waitMilliseconds: z.int().min(1).max(600_000).default(30_000),
    lateMilliseconds: z.int().min(1).max(600_000).default(10_000),
  })
  .refine(({ least, most }) => least <= most);
