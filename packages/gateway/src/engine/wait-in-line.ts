import { gatewayError } from '../errors.ts';
import type { FairQueue, Waiter } from './fair-queue.ts';

/** Who waits, and for how long. */
export interface WaitOptions {
  readonly tenant: string;
  readonly milliseconds: number;
  readonly signal: AbortSignal;
}

/**
 * Resolves when it is this one's turn.
 * @throws ERR_GATEWAY_ENGINE_BUSY without a turn in time or a place in the line; the signal's reason
 */
export function waitInLine(queue: FairQueue, { tenant, milliseconds, signal }: WaitOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    const waiter: Waiter = {
      tenant,
      go() {
        settle();
        resolve();
      },
      refuse() {
        settle();
        reject(gatewayError('ERR_GATEWAY_ENGINE_BUSY', { detail: { retryAfter: 1 } }));
      },
    };
    const abort = (): void => {
      settle();
      queue.remove(waiter);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      queue.remove(waiter);
      waiter.refuse();
    }, milliseconds);
    signal.addEventListener('abort', abort, { once: true });
    if (!queue.push(waiter)) waiter.refuse();
  });
}
