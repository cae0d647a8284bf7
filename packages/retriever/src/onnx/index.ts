export * from './onnx-embedder.ts';
export * from './prepare-embedder.ts';
