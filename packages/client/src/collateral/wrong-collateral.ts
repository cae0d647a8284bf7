import { type CloisterError, isCloisterError } from '@cloister/core';
import { type ClientErrorCode, clientError } from '../errors.ts';
import type { ServiceName } from './service-client.ts';

/** The error for an answer that is not what was asked for. The cause is kept when it is ours: others quote their input. */
export function wrongCollateral(service: ServiceName, cause?: unknown): CloisterError<ClientErrorCode> {
  return clientError('ERR_CLIENT_COLLATERAL_WRONG', {
    subject: service,
    ...(isCloisterError(cause) ? { cause } : {}),
  });
}

/** Runs a check; whatever it throws becomes `ERR_CLIENT_COLLATERAL_WRONG`. */
export async function checked<Value>(service: ServiceName, check: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await check();
  } catch (error) {
    throw isCloisterError(error) && error.code === 'ERR_CLIENT_COLLATERAL_WRONG'
      ? error
      : wrongCollateral(service, error);
  }
}
