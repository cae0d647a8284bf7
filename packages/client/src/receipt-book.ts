import type { AnswerReceipt } from './answer-receipt.ts';
import { clientError } from './errors.ts';

/** What became of the receipt of a response. */
export type ReceiptState =
  | { readonly is: 'pending' }
  | { readonly is: 'verified'; readonly receipt: AnswerReceipt }
  | { readonly is: 'none' };

/** Remembers receipts as long as their responses live. */
export interface ReceiptBook {
  /** Notes the state of a response. */
  note(response: Response, state: ReceiptState): void;
  /** @throws ERR_CLIENT_RECEIPT_PENDING, ERR_CLIENT_RECEIPT_UNKNOWN */
  receiptOf(response: Response): AnswerReceipt;
}

/** Creates an empty book. */
export function createReceiptBook(): ReceiptBook {
  const states = new WeakMap<Response, ReceiptState>();
  return {
    note(response, state) {
      states.set(response, state);
    },
    receiptOf(response) {
      const state = states.get(response);
      if (state?.is === 'pending') throw clientError('ERR_CLIENT_RECEIPT_PENDING');
      if (state?.is !== 'verified') throw clientError('ERR_CLIENT_RECEIPT_UNKNOWN');
      return state.receipt;
    },
  };
}
