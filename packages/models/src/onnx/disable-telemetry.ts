import { isMainThread } from 'node:worker_threads';
import { modelsError } from '../errors.ts';

const SETTING = 'ORT_DISABLE_TELEMETRY';

/**
 * Switches the inference runtime's telemetry off, which it would send by default. Must run before the runtime's module
 * is imported. In a worker thread `process.env` is a copy that native code does not see, so there the setting has to be
 * in place already.
 * @throws CloisterError `ERR_MODELS_TELEMETRY`
 */
export function disableTelemetry(): void {
  if (process.env[SETTING] === '1') return;
  if (!isMainThread) throw modelsError('ERR_MODELS_TELEMETRY');
  process.env[SETTING] = '1';
}
