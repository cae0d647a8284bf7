export * from './collateral-services/index.ts';
export * from './guest/index.ts';
export * from './hostile-store/index.ts';
export * from './network/index.ts';
export * from './snp/index.ts';
export * from './tee/index.ts';
export * from './vllm/index.ts';
