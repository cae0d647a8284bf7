import { createCanaryWatch } from './canary-watch.ts';
import { findHalfOpener, findLink } from './find-link.ts';
import { createHostRule } from './host-rule.ts';

/** What an answer may contain. */
export interface OutputGuardOptions {
  /** Host names that links and images may lead to; `*.example.com` for all below. None unless given. */
  readonly hosts?: readonly string[];
  /** The canary of the prompt: an answer that repeats it has left its role. */
  readonly canary?: string;
}

/** Watches an answer that arrives in pieces. A restored text stays one in its type. */
export interface OutputGuard<Text extends string = string> {
  /**
   * Takes the next piece and gives what is judged; at most 2 Ki code units stay behind, and only within a link.
   * @throws CloisterError ERR_PROMPT_CANARY when the canary has appeared; nothing more may be shown
   */
  push(text: Text): Text;
  /** Gives what stayed behind. @throws CloisterError ERR_PROMPT_CANARY */
  end(): Text;
  /** Links removed so far. */
  readonly removed: number;
}

/**
 * A guard for one answer. Links and images to hosts outside the list are replaced, so that a model which follows an
 * instruction in a document cannot send what it read to a stranger: Markdown links, images and definitions, autolinks, bare
 * addresses, HTML. Targets without a host stay. Whatever two readers could understand differently is disarmed. The output,
 * joined, does not depend on where the pieces are cut.
 * @throws CloisterError ERR_PROMPT_HOST
 */
export function createOutputGuard<Text extends string = string>(options: OutputGuardOptions = {}): OutputGuard<Text> {
  const rule = createHostRule(options.hosts ?? []);
  const watch = createCanaryWatch(options.canary);
  let held = '';
  let removed = 0;
  let dropUntil: RegExp | undefined;
  const advance = (text: string, isComplete: boolean): Text => {
    watch(text);
    const pending = held + text;
    let [output, at] = ['', 0];
    for (;;) {
      if (dropUntil !== undefined) {
        const length = pending.slice(at).search(dropUntil);
        at = length < 0 ? pending.length : at + length;
        if (length < 0) break;
        dropUntil = undefined;
      }
      const link = findLink(pending, at, isComplete, rule);
      const stop = link?.start ?? (isComplete ? pending.length : findHalfOpener(pending, at));
      output += pending.slice(at, stop);
      at = stop;
      if (link?.end === undefined) break;
      output += link.output;
      at = link.end;
      ({ dropUntil } = link);
      if (link.isRemoved) removed++;
    }
    held = pending.slice(at);
    return output as Text;
  };
  return {
    push: (text) => advance(text, false),
    end: () => advance('', true),
    get removed() {
      return removed;
    },
  };
}
