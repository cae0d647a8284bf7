import type { AnswerReceipt } from './answer-receipt.ts';
import { clientError } from './errors.ts';

/** What became of the receipt of an answer. */
export type ReceiptState =
  | { readonly is: 'pending' }
  | { readonly is: 'verified'; readonly receipt: AnswerReceipt }
  | { readonly is: 'none' };

/** The place where the state of one answer is kept. */
export interface ReceiptOutcome {
  state: ReceiptState;
}

/** Remembers receipts as long as their responses live. */
export interface ReceiptBook {
  /** Notes where the state of a response is kept. */
  note(response: Response, outcome: ReceiptOutcome): void;
  /** @throws ERR_CLIENT_RECEIPT_PENDING, ERR_CLIENT_RECEIPT_UNKNOWN */
  receiptOf(response: Response): AnswerReceipt;
}

/** Creates an empty book. */
export function createReceiptBook(): ReceiptBook {
  const outcomes = new WeakMap<Response, ReceiptOutcome>();
  return {
    note(response, outcome) {
      outcomes.set(response, outcome);
    },
    receiptOf(response) {
      const state = outcomes.get(response)?.state;
      if (state?.is === 'pending') throw clientError('ERR_CLIENT_RECEIPT_PENDING');
      if (state?.is !== 'verified') throw clientError('ERR_CLIENT_RECEIPT_UNKNOWN');
      return state.receipt;
    },
  };
}
