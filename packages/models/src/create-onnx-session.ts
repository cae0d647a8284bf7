import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { modelsError } from './errors.ts';

/** One input of a model: 64-bit integers with their shape. */
export interface IntegerInput {
  readonly data: BigInt64Array;
  readonly dimensions: readonly number[];
}

/** One output of a model: 32-bit floats with their shape. */
export interface FloatOutput {
  readonly data: Float32Array;
  readonly dimensions: readonly number[];
}

/** A loaded model. */
export interface OnnxSession {
  /**
   * Runs the model.
   * @throws CloisterError `ERR_MODELS_SESSION_FAILED`, `ERR_MODELS_SESSION_CLOSED`
   */
  run(inputs: Readonly<Record<string, IntegerInput>>, output: string): Promise<FloatOutput>;
  /** Frees the native memory. Let the process end by itself afterwards. */
  dispose(): Promise<void>;
}

/** Threads, memory arena and spinning: less memory and no busy waiting, at the same speed for short texts. */
const OPTIONS: InferenceSession.SessionOptions = {
  executionProviders: ['cpu'],
  intraOpNumThreads: 2,
  enableCpuMemArena: false,
  logSeverityLevel: 3,
  extra: { session: { intra_op: { allow_spinning: '0' } } },
};

/**
 * A session over verified bytes of an ONNX model. The runtime's telemetry is off before the runtime is loaded: it reads
 * the switch once, at import, and would otherwise write files and look hosts up.
 * @throws CloisterError `ERR_MODELS_SESSION_FAILED`
 */
export async function createOnnxSession(model: Uint8Array): Promise<OnnxSession> {
  const { InferenceSession, Tensor } = await loadRuntime();
  const session = await failingTyped(() => InferenceSession.create(model, OPTIONS));
  let closed = false;
  return {
    async run(inputs, output) {
      if (closed) throw modelsError('ERR_MODELS_SESSION_CLOSED');
      const feeds: Record<string, Tensor> = {};
      for (const [name, { data, dimensions }] of Object.entries(inputs))
        feeds[name] = new Tensor('int64', data, dimensions);
      const result = (await failingTyped(() => session.run(feeds, [output])))[output];
      if (result === undefined || !(result.data instanceof Float32Array))
        throw modelsError('ERR_MODELS_SESSION_FAILED');
      return { data: result.data, dimensions: result.dims };
    },
    async dispose() {
      if (closed) return;
      closed = true;
      await session.release();
    },
  };
}

async function loadRuntime(): Promise<typeof import('onnxruntime-node')> {
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  return import('onnxruntime-node');
}

/** The runtime's own messages can name paths and shapes of the input, so they are not passed on. */
async function failingTyped<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch {
    throw modelsError('ERR_MODELS_SESSION_FAILED');
  }
}
