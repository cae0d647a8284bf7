import { ENGINES, type EngineName } from '@cloister/session';
import { z } from 'zod';

/** What the gateway demands of its engine's prefix cache before it serves anybody. */
export interface IsolationSettings {
  /** The engine, for the gate by version. Default: vllm. */
  readonly engine?: EngineName;
  /** The one tenant that is served, the only way for engines whose cache everybody shares. Default: any. */
  readonly onlyTenant?: { readonly issuer: string; readonly tenant: string } | null;
  /** Seconds between proofs, 10 to 86,400. Default 900. A proof counts for twice as long. */
  readonly everySeconds?: number;
  /** `refuse`: no request is served without a proof. `report`: it is only told. Default: refuse. */
  readonly whenNotProven?: 'refuse' | 'report';
}

const name = z.string().min(1).max(200);

/** Strict, with every default filled in. */
export const isolationSchema: z.ZodType<Required<IsolationSettings>, unknown> = z.strictObject({
  engine: z.enum(Object.keys(ENGINES) as [EngineName]).default('vllm'),
  onlyTenant: z.strictObject({ issuer: name, tenant: name }).nullable().default(null),
  everySeconds: z.int().min(10).max(86_400).default(900),
  whenNotProven: z.enum(['refuse', 'report']).default('refuse'),
});
