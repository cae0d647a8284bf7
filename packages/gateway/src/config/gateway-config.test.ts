import { describe, expect, it } from 'vitest';
import { deploymentDigest, parseGatewayConfig } from './gateway-config.ts';
import { parseUpstream } from './parse-upstream.ts';

const upstream = 'http://127.0.0.1:8000';

describe('the configuration', () => {
  it('fills in every default, so that the digest covers what is in force', () => {
    expect(parseGatewayConfig({ upstream })).toMatchObject({
      version: 1,
      upstream,
      host: '127.0.0.1',
      keysetSeconds: 3600,
    });
  });

  it('has one digest for one meaning', () => {
    const plain = deploymentDigest(parseGatewayConfig({ upstream }));
    expect(deploymentDigest(parseGatewayConfig({ keysetSeconds: 3600, upstream: `${upstream}/` }))).toEqual(plain);
    for (const change of [
      { upstream: 'http://127.0.0.1:8001' },
      { keysetSeconds: 900 },
      { cacheScopes: ['session'] },
      { maxBodyBytes: 5 },
    ]) {
      expect(deploymentDigest(parseGatewayConfig({ upstream, ...change }))).not.toEqual(plain);
    }
  });

  it.each([
    [{ upstream, keysetSeconds: 3601 }, 'keysetSeconds'],
    [{ upstream, maxBodyBytes: 0 }, 'maxBodyBytes'],
    [{ upstream, cacheScopes: ['everybody'] }, 'cacheScopes'],
    [{ upstream, replayCapacity: 1.5 }, 'replayCapacity'],
    [{}, 'upstream'],
    [{ upstream, unknown: 1 }, undefined],
    [undefined, undefined],
  ])('refuses %j', (value, subject) => {
    expect(() => parseGatewayConfig(value)).toThrow(
      expect.objectContaining({ code: 'ERR_GATEWAY_CONFIG_INVALID', subject }),
    );
  });

  it.each([
    'http://127.0.0.1:8000',
    'http://127.9.9.9',
    'http://[::1]:80',
    'http://127.1:8000/',
    'unix:/run/vllm.sock',
  ])('takes the upstream %s', (text) => {
    expect(() => parseUpstream(text)).not.toThrow();
  });

  it.each([
    'http://localhost:8000',
    'http://10.0.0.1:8000',
    'http://127.0.0.1.example:8000',
    'http://[::ffff:127.0.0.1]:8000',
    'http://[fe80::1]:8000',
    'http://0.0.0.0:8000',
    'https://127.0.0.1:8000',
    'http://user@127.0.0.1:8000',
    'http://127.0.0.1:8000/v1',
    'http://127.0.0.1:8000/?a',
    'unix:vllm.sock',
    'unix:/run/../vllm.sock',
    'unix:/run//vllm.sock',
    'unix:/',
    `unix:/${'a'.repeat(107)}`,
    '127.0.0.1:8000',
    '',
  ])('refuses the upstream %s', (text) => {
    expect(() => parseGatewayConfig({ upstream: text })).toThrow(
      expect.objectContaining({ code: 'ERR_GATEWAY_UPSTREAM_NOT_LOOPBACK' }),
    );
  });
});
