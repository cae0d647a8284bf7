import { scoreInjection } from '@cloister/prompt';
import type { Masked } from '@cloister/redaction';
import type { ArrowNotes } from '../arrow.ts';
import type { InjectionSignal } from '../ask-options.ts';
import type { Chain } from '../chain.ts';

/** What the classifier says of the masked sources. It decides nothing, so one that fails stops nothing either. */
export async function scoreSources(
  { classifier }: Chain,
  sources: readonly { readonly document: string; readonly chunk: number; readonly text: Masked }[],
  notes: ArrowNotes,
): Promise<readonly InjectionSignal[]> {
  if (classifier === undefined) return [];
  const signals: InjectionSignal[] = [];
  for (const { document, chunk, text } of sources) {
    const found = await scoreInjection(classifier, text).catch(() => undefined);
    signals.push({ document, chunk, score: found?.score });
  }
  const scores = signals.map(({ score }) => score ?? Number.NaN);
  notes.checked.push(`injection at most ${Math.max(0, ...scores).toFixed(2)}`);
  return signals;
}
