export * from './block-hashes.ts';
export { composeAnswer, FOUND_NOTHING } from './compose-answer.ts';
export type { EngineCounters } from './engine.ts';
export { STAND_IN_FINGERPRINT } from './handle-generate.ts';
export type { VllmFault, VllmStandInOptions } from './options.ts';
export { detokenize, tokenize, tokenizeChat, type Piece, type TemplateMessage } from './stand-in-tokenizer.ts';
export * from './start-vllm-stand-in.ts';
