import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig, type ViteUserConfig } from 'vitest/config';

// The lane against a real vLLM runs by itself (`test:vllm`), when there is one.
const lane = process.env['CLOISTER_VLLM_URL'] === undefined ? ['test/vllm/**'] : [];

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts', 'examples/**/*.test.ts', 'benchmarks/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...lane],
    // The main thread waits most of the time: on two cores the default of one worker would leave one idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Not a bar: many tests start processes, which takes long on a busy machine.
    testTimeout: 90_000,
    hookTimeout: 120_000,
  },
});

export default config;
