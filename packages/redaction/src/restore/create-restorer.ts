import type { Restored } from '@cloister/core';
import { type AlteredToken, endOfClosing, findToken, findTokenStart } from './altered-token.ts';
import { createLinkTargetTracker } from './link-target.ts';
import type { Masked } from '../masked.ts';
import { TOKEN } from '../vault/token.ts';
import type { RestoreOptions, Vault } from '../vault/vault-types.ts';
import { openVault, readToken, type VaultState } from '../vault/vault-state.ts';

/** What became of the tokens so far; numbers only. */
export interface RestoreReport {
  readonly restored: number;
  /** Of these, the ones that were spelled differently up to their id and repaired by rule. */
  readonly repaired: number;
  /** Left in place because the clearance does not cover the entry. */
  readonly withheld: number;
  /** Left in place because they stand in the target of a link. */
  readonly inLinks: number;
  /** Look like tokens and were never issued by this vault. */
  readonly unknown: number;
}

/** Restores a text that arrives in pieces. */
export interface Restorer {
  /** Takes the next piece and gives all text that is certain by now; at most 24 code units stay behind. */
  push(text: string): Restored;
  /** Gives what stayed behind. */
  end(): Restored;
  /** The count so far. */
  report(): RestoreReport;
}

/**
 * Restores a streamed text. The pieces may be cut anywhere: the output, joined, equals that of one piece. A token that
 * comes in another spelling (case, one space, escapes, full-width or entity forms, lost brackets) is restored as well,
 * when what is left of it names an entry exactly.
 * `push` and `end` throw ERR_REDACTION_VAULT_CLOSED once the vault is closed.
 */
export function createRestorer(vault: Vault, options: RestoreOptions = {}): Restorer {
  openVault(vault);
  const counts = { restored: 0, repaired: 0, withheld: 0, inLinks: 0, unknown: 0 };
  const links = createLinkTargetTracker();
  const read = (token: AlteredToken, written: string): string | undefined => {
    const reading = readToken(openVault(vault), token.word, token.id, options.clearance);
    const blocked = reading.kind === 'value' && links.inside;
    const kind = blocked ? 'inLinks' : reading.kind === 'value' ? 'restored' : reading.kind;
    // Words of the text that merely have the form of a bare token are nothing to report.
    if (kind !== 'unknown' || token.opened > 0) counts[kind]++;
    if (kind === 'restored' && written !== `[[${token.word}_${token.id}`) counts.repaired++;
    return kind === 'restored' && reading.kind === 'value' ? reading.written : undefined;
  };
  const feed = createFeed((piece) => links.advance(piece), read);
  const advance = (text: string, isComplete: boolean): Restored => {
    openVault(vault);
    return feed(text, isComplete) as Restored;
  };
  return { push: (text) => advance(text, false), end: () => advance('', true), report: () => ({ ...counts }) };
}

/** Replaces tokens in pieces of a text: one pass from left to right; what is put in is never looked at again. */
function createFeed(
  advance: (output: string) => void,
  read: (token: AlteredToken, written: string) => string | undefined,
): (text: string, isComplete: boolean) => string {
  // The last code unit that is done, because a token does not begin within a word; then what waits for more text.
  let [context, held] = ['', ''];
  let opened: number | undefined;
  return (text, isComplete) => {
    const pending = context + held + text;
    let at = context.length;
    let output = '';
    const emit = (piece: string): void => {
      advance(piece);
      output += piece;
    };
    let token: AlteredToken | undefined;
    for (;;) {
      const from: number | undefined = opened === undefined ? at : endOfClosing(pending, at, opened, isComplete);
      if (from === undefined) break;
      [at, opened] = [from, undefined];
      token = findToken(pending, at);
      if (token === undefined || (token.end === pending.length && !isComplete)) break;
      emit(pending.slice(at, token.start));
      const value = read(token, pending.slice(token.start, token.end));
      emit(value ?? pending.slice(token.start, token.end));
      at = token.end;
      if (value !== undefined) opened = token.opened;
    }
    const waiting = opened === undefined ? (token?.start ?? findTokenStart(pending, at)) : at;
    const rest = isComplete ? pending.length : waiting;
    emit(pending.slice(at, rest));
    context = pending.slice(Math.max(0, rest - 1), rest);
    held = pending.slice(rest);
    return output;
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

/** Restores text that a redactor masked, link targets included: the inverse of masking. Other spellings are text. */
export function restoreMasked(state: VaultState, text: Masked, options: RestoreOptions): Restored {
  return text.replace(TOKEN, (token, word: string, id: string) => {
    const reading = readToken(state, word, id, options.clearance);
    return reading.kind === 'value' ? reading.written : token;
  }) as Restored;
}
