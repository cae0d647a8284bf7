/** One change of the mutated cases beside the vectors; which members count depends on `op`. */
export interface Mutation {
  /** What is changed: evidence, a certificate, a member of the collateral, the time. */
  readonly target: string;
  readonly op: string;
  readonly offset?: number;
  readonly mask?: number;
  readonly length?: number;
  readonly hex?: string;
  readonly delete?: number;
  readonly insert?: string;
  readonly with?: string;
  readonly value?: string;
}

/** The changes that every kind of evidence shares: `xor`, `truncate`, `append`, `splice`. */
export function mutateBytes(bytes: Uint8Array, mutation: Mutation): Uint8Array {
  const { op, offset = 0, mask = 0, length = 0, hex = '', insert = '' } = mutation;
  if (op === 'xor') return bytes.map((byte, index) => (index === offset ? byte ^ mask : byte));
  if (op === 'truncate') return bytes.slice(0, length);
  if (op === 'append') return new Uint8Array(Buffer.concat([bytes, Buffer.from(hex, 'hex')]));
  if (op !== 'splice') throw new Error(`unknown mutation ${op}`);
  const tail = bytes.subarray(offset + (mutation.delete ?? 0));
  return new Uint8Array(Buffer.concat([bytes.subarray(0, offset), Buffer.from(insert, 'hex'), tail]));
}
