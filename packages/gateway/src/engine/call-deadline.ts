import type { EffectiveGatewayConfig } from '../config/gateway-config.ts';
import { gatewayError } from '../errors.ts';

/** How long one call of the engine may take, each in ms. */
export interface CallDeadlines {
  /** Until the connection is there. */
  readonly connect: number;
  /** From the head of a streamed answer to its first byte. An engine sends the head before it begins to compute. */
  readonly firstByte: number;
  /** All of it, pauses of a slow caller included. */
  readonly total: number;
}

/** The deadlines that a gateway is set to. */
export function callDeadlines(config: EffectiveGatewayConfig): CallDeadlines {
  const { connectMilliseconds: connect, firstByteMilliseconds: firstByte, answerMilliseconds: total } = config;
  return { connect, firstByte, total };
}

/** Watches over one call. */
export interface CallDeadline {
  /** Allows for a next stage so much time; a stage that has begun ends the one before. */
  stage(milliseconds: number): void;
  /** The stage has ended well. */
  readonly flowing: () => void;
  /** The call is over. */
  readonly end: () => void;
  /** What the call failed with: `error`, unless it was ended for being late. */
  reason(error: Error): Error;
}

/** @param expire ends the call */
export function createCallDeadline(total: number, expire: () => void): CallDeadline {
  let isLate = false;
  const late = (): void => {
    isLate = true;
    expire();
  };
  const whole = setTimeout(late, total);
  let stage: NodeJS.Timeout | undefined;
  return {
    stage(milliseconds) {
      clearTimeout(stage);
      stage = setTimeout(late, milliseconds);
    },
    flowing: () => clearTimeout(stage),
    end() {
      clearTimeout(stage);
      clearTimeout(whole);
    },
    reason: (error) => (isLate ? gatewayError('ERR_GATEWAY_ENGINE_LATE') : error),
  };
}
