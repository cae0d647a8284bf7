import { existsSync, readFileSync } from 'node:fs';
import { sha256, toHex } from '@cloister/core';
import { createNerDetector, type NerDetector, type VerifiedBytes, verifyBytes } from '@cloister/models';

const WEIGHTS = ['model.onnx', 'onnx/model.onnx', 'onnx/model_quantized.onnx', 'onnx/model_q4.onnx'];
const DESCRIPTIONS = ['config.json', 'tokenizer.json', 'tokenizer_config.json'];

/**
 * The model in the folder `CLOISTER_NER_MODEL`; `undefined` without one. An evaluation takes the files as they are: their own
 * digest is the pin.
 */
export async function loadNerModel(): Promise<NerDetector | undefined> {
  const folder = process.env['CLOISTER_NER_MODEL'];
  if (folder === undefined) return undefined;
  const model = WEIGHTS.find((name) => existsSync(`${folder}/${name}`));
  if (model === undefined) throw new Error('CLOISTER_NER_MODEL holds no model.onnx');
  return createNerDetector(new Map([model, ...DESCRIPTIONS].map((name) => [name, read(`${folder}/${name}`)])), {
    model,
  });
}

function read(path: string): VerifiedBytes {
  const bytes = new Uint8Array(readFileSync(path));
  const verified = verifyBytes(bytes, toHex(sha256(bytes)));
  if (verified === undefined) throw new Error('a digest differs from itself');
  return verified;
}
