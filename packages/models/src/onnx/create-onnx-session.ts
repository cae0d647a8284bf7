import type * as Runtime from 'onnxruntime-node';
import type { InferenceSession, OnnxValue, Tensor } from 'onnxruntime-node';
import { modelsError } from '../errors.ts';
import { requireVerified } from '../verified-bytes.ts';
import type { VerifiedBytes } from '../verified-bytes.ts';
import { disableTelemetry } from './disable-telemetry.ts';

/** A dense tensor in row-major order. */
export interface ModelTensor<Data extends BigInt64Array | Float32Array = BigInt64Array | Float32Array> {
  readonly data: Data;
  readonly dimensions: readonly number[];
}

/** A loaded model. */
export interface OnnxSession extends AsyncDisposable {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /**
   * Runs the model once. @returns its 32-bit float outputs by name
   * @throws CloisterError `ERR_MODELS_RUNTIME`, `ERR_MODELS_CLOSED`
   */
  run(inputs: Readonly<Record<string, ModelTensor>>): Promise<Readonly<Record<string, ModelTensor<Float32Array>>>>;
  /** Frees the model's memory after what still runs. A process should dispose its sessions and then end by itself. */
  dispose(): Promise<void>;
}

/** How a session uses the machine. */
export interface OnnxSessionOptions {
  /** Threads of one run; 2 unless given. */
  readonly threads?: number;
}

/**
 * Loads an ONNX model from verified bytes, with the runtime's telemetry off. The runtime is imported here and not
 * before, so that nothing of it runs until the setting is in place.
 * @throws CloisterError `ERR_MODELS_NOT_VERIFIED`, `_TELEMETRY`, `_INPUT`, `_RUNTIME`
 */
export async function createOnnxSession(model: VerifiedBytes, options: OnnxSessionOptions = {}): Promise<OnnxSession> {
  requireVerified(model);
  const { threads = 2 } = options;
  if (!Number.isInteger(threads) || threads < 1 || threads > 256) {
    throw modelsError('ERR_MODELS_INPUT', { subject: 'threads' });
  }
  disableTelemetry();
  const runtime = await importRuntime();
  const session = await createSession(runtime, model, threads);
  const running = new Set<Promise<unknown>>();
  let open = true;

  async function dispose(): Promise<void> {
    if (!open) return;
    open = false;
    await Promise.allSettled(running);
    await session.release();
  }

  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    async run(inputs) {
      if (!open) throw modelsError('ERR_MODELS_CLOSED');
      const run = runOnce(runtime, session, inputs);
      running.add(run);
      try {
        return await run;
      } finally {
        running.delete(run);
      }
    },
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}

/** Fatal messages alone: the runtime's lesser ones quote token ids. */
const QUIET = { logSeverityLevel: 4 } as const;

async function importRuntime(): Promise<typeof Runtime> {
  try {
    return await import('onnxruntime-node');
  } catch (error) {
    throw modelsError('ERR_MODELS_RUNTIME', { cause: error });
  }
}

async function createSession(runtime: typeof Runtime, model: Uint8Array, threads: number): Promise<InferenceSession> {
  const options: InferenceSession.SessionOptions = {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // Halves the resident memory and lets idle threads sleep, at no loss of speed for short texts.
    enableCpuMemArena: false,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    ...QUIET,
  };
  try {
    return await runtime.InferenceSession.create(model, options);
  } catch {
    // The runtime's text may quote the model.
    throw modelsError('ERR_MODELS_RUNTIME');
  }
}

async function runOnce(
  runtime: typeof Runtime,
  session: InferenceSession,
  inputs: Readonly<Record<string, ModelTensor>>,
): Promise<Record<string, ModelTensor<Float32Array>>> {
  const outputs: Record<string, ModelTensor<Float32Array>> = {};
  try {
    const feeds = Object.entries(inputs).map(([name, tensor]) => [name, toTensor(runtime, tensor)] as const);
    const answers: Readonly<Record<string, OnnxValue>> = await session.run(Object.fromEntries(feeds), QUIET);
    for (const [name, answer] of Object.entries(answers)) {
      const { data, dims } = answer as Tensor;
      if (data instanceof Float32Array) outputs[name] = { data, dimensions: dims };
    }
  } catch {
    throw modelsError('ERR_MODELS_RUNTIME');
  }
  return outputs;
}

function toTensor(runtime: typeof Runtime, { data, dimensions }: ModelTensor): Tensor {
  return data instanceof BigInt64Array
    ? new runtime.Tensor('int64', data, dimensions)
    : new runtime.Tensor('float32', data, dimensions);
}
