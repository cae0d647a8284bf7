import { describe, expect, it } from 'vitest';
import { requireEngine } from './engines.ts';
import { engineBootId } from './engine-boot-id.ts';

const codeOf = (...rest: Parameters<typeof requireEngine>): string => {
  try {
    requireEngine(...rest);
    return 'accepted';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('requireEngine', () => {
  it.each(['0.30.0', '0.30.1', '0.32.0', '0.31.0rc1', '0.33.1.dev5+gabc', '1.0.0', 'v0.30.2'])(
    'takes vLLM %s',
    (version) => {
      expect(codeOf('vllm', version, 'many')).toBe('accepted');
    },
  );
  it.each(['0.29.9', '0.9.2', '0.3.0', '0.30.0rc1', '0.30.0.dev3', '', 'main', undefined, '30', '0.30'.repeat(40)])(
    'refuses vLLM %s',
    (version) => {
      expect(codeOf('vllm', version, 'many')).toBe('ERR_SESSION_ENGINE_VERSION');
    },
  );
  it('leaves SGLang to the probe and others to one tenant', () => {
    expect(codeOf('sglang', undefined, 'many')).toBe('accepted');
    expect(codeOf('other', undefined, 'many')).toBe('ERR_SESSION_ENGINE_SHARED');
    expect(codeOf('other', undefined, 'one')).toBe('accepted');
  });
});

describe('engineBootId', () => {
  const metrics = (start: string, created: string): string =>
    `# HELP process_start_time_seconds x\nprocess_start_time_seconds ${start}\nvllm:prefix_cache_queries_total{engine="0"} 5.0\n` +
    `vllm:prefix_cache_queries_created{engine="0",model_name="m"} ${created}\n`;

  it('changes with every start and with nothing else', () => {
    const id = engineBootId(metrics('1.7955e+09', '1.79e+09'));
    expect(id).toMatch(/^[0-9a-f]{64}$/);
    expect(engineBootId(metrics('1.7955e+09', '1.79e+09').replace(' 5.0', ' 6.0'))).toBe(id);
    expect(engineBootId(metrics('1.7956e+09', '1.79e+09'))).not.toBe(id);
    expect(engineBootId(metrics('1.7955e+09', '1.78e+09'))).not.toBe(id);
    expect(engineBootId('nothing 1.0')).toBeUndefined();
  });
});
