import { createLinkTargetTracker } from './link-target.ts';
import type { Masked } from './masked.ts';
import { TOKEN, TOKEN_START } from './token.ts';
import type { RestoreOptions, Vault } from './vault-types.ts';
import { openVault, readToken, type VaultState } from './vault-state.ts';

/** What became of the tokens so far; numbers only. */
export interface RestoreReport {
  readonly restored: number;
  /** Left in place because the clearance does not cover the entry. */
  readonly withheld: number;
  /** Left in place because they stand in the target of a link. */
  readonly inLinks: number;
  /** Look like tokens and were never issued by this vault. */
  readonly unknown: number;
}

/** Restores a text that arrives in pieces. */
export interface Restorer {
  /** Takes the next piece and gives all text that is certain by now; at most 23 code units stay behind. */
  push(text: string): string;
  /** Gives what stayed behind. */
  end(): string;
  /** The count so far. */
  report(): RestoreReport;
}

/**
 * Restores a streamed text. The pieces may be cut anywhere: the output, joined, equals that of one piece.
 * `push` and `end` throw ERR_REDACTION_VAULT_CLOSED once the vault is closed.
 */
export function createRestorer(vault: Vault, options: RestoreOptions = {}): Restorer {
  openVault(vault);
  const links = createLinkTargetTracker();
  const counts = { restored: 0, withheld: 0, inLinks: 0, unknown: 0 };
  let held = '';
  const replace = (text: string): string => {
    const state = openVault(vault);
    return replaceTokens(
      text,
      (piece) => links.advance(piece),
      (token, word, id) => {
        const reading = readToken(state, word, id, options.clearance);
        const blocked = reading.kind === 'value' && links.inside;
        counts[blocked ? 'inLinks' : reading.kind === 'value' ? 'restored' : reading.kind]++;
        return reading.kind === 'value' && !blocked ? reading.written : token;
      },
    );
  };
  return {
    push(text) {
      const pending = held + text;
      held = TOKEN_START.exec(pending.slice(-23))?.[0] ?? '';
      return replace(pending.slice(0, pending.length - held.length));
    },
    end() {
      const rest = held;
      held = '';
      return replace(rest);
    },
    report: () => ({ ...counts }),
  };
}

/** The same as a transform stream of strings, for `pipeThrough`. */
export function createRestoreStream(vault: Vault, options: RestoreOptions = {}): TransformStream<string, string> {
  const restorer = createRestorer(vault, options);
  return new TransformStream<string, string>({
    transform(piece, controller) {
      const text = restorer.push(piece);
      if (text !== '') controller.enqueue(text);
    },
    flush(controller) {
      const text = restorer.end();
      if (text !== '') controller.enqueue(text);
    },
  });
}

/** Restores text that a redactor masked, link targets included: the inverse of masking. */
export function restoreMasked(state: VaultState, text: Masked, options: RestoreOptions): string {
  return replaceTokens(
    text,
    () => {},
    (token, word, id) => {
      const reading = readToken(state, word, id, options.clearance);
      return reading.kind === 'value' ? reading.written : token;
    },
  );
}

/** One pass from left to right; what is put in is never looked at again, and `$` in it means nothing. */
function replaceTokens(
  text: string,
  advance: (text: string) => void,
  read: (token: string, word: string, id: string) => string,
): string {
  let output = '';
  let from = 0;
  const emit = (piece: string): void => {
    advance(piece);
    output += piece;
  };
  for (const match of text.matchAll(TOKEN)) {
    emit(text.slice(from, match.index));
    emit(read(match[0], match[1] ?? '', match[2] ?? ''));
    from = match.index + match[0].length;
  }
  emit(text.slice(from));
  return output;
}
