import { parseEvidencePolicy, type EvidencePolicy } from '@cloister/evidence';
import { DETECTION_TYPES, type DetectionType } from '@cloister/redaction';
import { SEARCH_MODES, type SearchMode } from '@cloister/retriever';
import { CACHE_SCOPES, type CacheScope } from '@cloister/session';
import type { Classification } from '@cloister/core';
import { z } from 'zod';
import { runtimeError } from './errors.ts';

/** What is allowed and demanded for data of one class (DESIGN 6.8). */
export interface ClassPolicy {
  /**
   * Search modes in which documents of this class may be kept, the preferred one first, and in which a question of this class
   * may show itself to the store. `plain` is for `public` alone.
   */
  readonly searchModes: readonly SearchMode[];
  /** Types that are masked before a prompt of this class leaves. */
  readonly redact: readonly DetectionType[];
  /** Hosts that links and images of an answer may lead to, `*.example.com` for all below; none unless given. */
  readonly linkHosts?: readonly string[];
  /** The widest scope in which the prefix cache may be shared. */
  readonly widestCacheScope: CacheScope;
  /** How long turns of this class may be remembered, in seconds; they are not unless given. */
  readonly memorySeconds?: number;
}

/** The whole policy of a runtime: data, so that it can be reviewed, hashed and signed. */
export interface RuntimePolicy {
  /** What the enclave must prove; the same value goes to `attest()`. */
  readonly evidence: EvidencePolicy;
  readonly classes: Readonly<Record<Classification, ClassPolicy>>;
}

/** Modes for what is not public. */
const HIDING = SEARCH_MODES.filter((mode) => mode !== 'plain');

const classPolicySchema = (modes: readonly SearchMode[]): z.ZodType<ClassPolicy> =>
  z.strictObject({
    searchModes: z.array(z.enum(modes)).min(1),
    redact: z.array(z.enum(DETECTION_TYPES)),
    linkHosts: z.array(z.string().regex(/^(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*$/)).exactOptional(),
    widestCacheScope: z.enum(CACHE_SCOPES),
    memorySeconds: z.int().min(1).max(31_536_000).exactOptional(),
  });

const runtimePolicySchema: z.ZodType<Pick<RuntimePolicy, 'classes'> & { evidence: unknown }> = z.strictObject({
  evidence: z.unknown(),
  classes: z.strictObject({
    public: classPolicySchema(SEARCH_MODES),
    internal: classPolicySchema(HIDING),
    confidential: classPolicySchema(HIDING),
    restricted: classPolicySchema(HIDING),
  }),
});

/**
 * Checks a policy strictly: unknown members are refused.
 * @throws CloisterError `ERR_RUNTIME_POLICY_INVALID` naming the first bad member, or what the evidence policy's own check says
 */
export function parseRuntimePolicy(value: unknown): RuntimePolicy {
  const parsed = runtimePolicySchema.safeParse(value);
  if (parsed.success) return { classes: parsed.data.classes, evidence: parseEvidencePolicy(parsed.data.evidence) };
  const path = parsed.error.issues[0]?.path.map(String).join('.');
  throw runtimeError('ERR_RUNTIME_POLICY_INVALID', path ? { subject: path } : {});
}

/** The default for the four classes: stricter where the data is more sensitive. */
export function defaultPolicy(evidence: EvidencePolicy): RuntimePolicy {
  const masked = (widestCacheScope: CacheScope): ClassPolicy => ({
    searchModes: ['sealed'],
    redact: DETECTION_TYPES,
    widestCacheScope,
  });
  return {
    evidence,
    classes: {
      public: { searchModes: ['sealed'], redact: [], widestCacheScope: 'tenant' },
      internal: masked('tenant'),
      confidential: masked('user'),
      restricted: masked('session'),
    },
  };
}
