export * from './cache-directory.ts';
export * from './create-onnx-session.ts';
export * from './create-tokenizer.ts';
export type { ModelsErrorCode } from './errors.ts';
export * from './fetch-model.ts';
export * from './manifest.ts';
export * from './progress.ts';
