/**
 * What a process has already worked out about texts that come again: certificate chains, revocation lists and signed
 * documents. Keyed by the whole text, so that nothing can stand in for anything else; it holds signatures and parsed forms, never
 * a judgement of time, revocation or policy. A value that the caller passes, bounded.
 */
export interface VerificationCache {
  /** The result of `work` on `text`; `kind` names the work and everything else that it depends on. Errors are not kept. */
  remember<Value>(text: string, kind: string, work: () => Value): Value;
}

const MAX_KINDS = 16;

/**
 * A new cache.
 * @param options.texts how many texts to keep; the one that was added first goes first
 */
export function createVerificationCache({ texts = 64 }: { readonly texts?: number } = {}): VerificationCache {
  const known = new Map<string, Map<string, unknown>>();
  const resultsOf = (text: string): Map<string, unknown> => {
    const results = known.get(text) ?? new Map<string, unknown>();
    if (!known.has(text)) {
      if (known.size >= texts) known.delete(known.keys().next().value ?? '');
      known.set(text, results);
    }
    return results;
  };
  return {
    remember<Value>(text: string, kind: string, work: () => Value): Value {
      const results = resultsOf(text);
      if (results.has(kind)) return results.get(kind) as Value;
      const value = work();
      if (results.size < MAX_KINDS) results.set(kind, value);
      return value;
    },
  };
}
