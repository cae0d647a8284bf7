import { bigEndian, canonicalJson, CLASSIFICATIONS, concat, parseJson, type Classification } from '@cloister/core';
import * as z from 'zod';
import { sessionError } from '../errors.ts';

/**
 * Who said a turn; `note` is an agent's scratch note, `tool` what a tool gave back, `summary` stands for the turns before
 * `through`. All are kept under the same rules.
 */
export const TURN_ROLES = ['user', 'assistant', 'tool', 'note', 'summary'] as const;

/** One of `TURN_ROLES`. */
export type TurnRole = (typeof TURN_ROLES)[number];

/** One turn of a conversation. */
export interface Turn {
  readonly role: TurnRole;
  readonly text: string;
  /** The class of the text. */
  readonly label: Classification;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Of a summary, and of nothing else: the index of the first turn that it does not stand for. */
  readonly through?: number;
}

const schema: z.ZodType<Turn> = z
  .strictObject({
    role: z.enum(TURN_ROLES),
    text: z.string(),
    label: z.enum(CLASSIFICATIONS),
    at: z.int().min(0),
    through: z.int().min(0).exactOptional(),
  })
  .refine(({ role, through }) => (role === 'summary') === (through !== undefined));

const KIB = 1024;
/** Sizes that a store sees: 1, 4, 16 and 64 KiB, then steps of 64. */
const BUCKETS = [KIB, 4 * KIB, 16 * KIB, 64 * KIB];
const STEP = 64 * KIB;
const MOST_BYTES = 1024 * KIB;

/** Length, canonical JSON, zeros up to the bucket. @throws CloisterError `ERR_SESSION_MEMORY_TURN` */
export function encodeTurn(turn: Turn): Uint8Array {
  const { success, data } = schema.safeParse(turn);
  const text = success && data.text.isWellFormed() ? canonicalJson({ ...data }) : undefined;
  if (text === undefined || text.length + 4 > MOST_BYTES) throw sessionError('ERR_SESSION_MEMORY_TURN');
  const size = text.length + 4;
  const bucket = BUCKETS.find((limit) => size <= limit) ?? Math.ceil(size / STEP) * STEP;
  return concat(bigEndian(text.length, 4), text, new Uint8Array(bucket - size));
}

/** Reads what `encodeTurn` wrote; `undefined` for anything else. */
export function decodeTurn(bytes: Uint8Array): Turn | undefined {
  if (bytes.length < 4 || bytes.length > MOST_BYTES) return undefined;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  if (length > bytes.length - 4) return undefined;
  try {
    return schema.parse(parseJson(bytes.subarray(4, 4 + length), { maxDepth: 2 }));
  } catch {
    return undefined;
  }
}
