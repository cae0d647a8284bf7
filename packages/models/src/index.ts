export * from './create-chat-tokenizer.ts';
export * from './create-tokenizer.ts';
export type { ModelsErrorCode } from './errors.ts';
export * from './fetch-model.ts';
export * from './minilm.ts';
export { defaultCacheDirectory } from './model-cache.ts';
export type { ModelFile, ModelManifest, ModelSource } from './model-manifest.ts';
export * from './onnx/create-onnx-session.ts';
export * from './verified-bytes.ts';
