import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEd25519Signer } from '@cloister/audit';
import { attest } from '@cloister/client';
import { toHex } from '@cloister/core';
import { encodeSignedDeployment } from '@cloister/evidence';
import { createGateway, deploymentDigest, type GatewayConfig, parseGatewayConfig } from '@cloister/gateway';
import { createSimulatedTee } from '@cloister/simulator/tee';
import { startVllmStandIn, type VllmStandIn } from '@cloister/simulator/vllm';
import { createApiKey, createApiKeyDirectory, signApiKeys } from '@cloister/tenancy';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRawClient } from './raw-client.ts';

const record = { tenant: 'north', subject: 'ada', groups: [], clearance: 'restricted', purpose: 'treatment' } as const;
let engine: VllmStandIn;
beforeAll(async () => (engine = await startVllmStandIn()));
afterAll(() => engine.close());

/** Status of a question inside the seal, or 0 where the caller was not let in. */
async function ask(url: string, bearer: string): Promise<number> {
  const raw = await createRawClient(url, bearer);
  const messages = [{ role: 'user', content: 'Hello' }];
  const { status } = await raw.call({ body: JSON.stringify({ model: engine.model, messages, max_tokens: 4 }) });
  return status ?? 0;
}

describe('JSON Web Tokens', () => {
  it('let the principals of an attested issuer in, and nobody else', async () => {
    const { publicKey, privateKey } = await generateKeyPair('EdDSA');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'EdDSA' };
    const keys = createServer((_, response) => response.end(JSON.stringify({ keys: [jwk] })));
    keys.listen(0, '127.0.0.1');
    await once(keys, 'listening');
    const keySetUrl = `http://127.0.0.1:${(keys.address() as AddressInfo).port}/keys`;
    const issuer = 'https://id.example';
    const rules = { issuer, audience: 'cloister', keySetUrl, tenants: ['north'], purpose: 'treatment' };
    await using gateway = await createGateway({
      config: { upstream: engine.url, jwtIssuers: [rules] },
      evidence: (await createSimulatedTee()).provider,
    });
    const url = await gateway.listen();
    const sign = (claims: object, over: { iss?: string; aud?: string } = {}): Promise<string> =>
      new SignJWT({ tenant: 'north', clearance: 'restricted', ...claims })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: 'one' })
        .setIssuer(over.iss ?? issuer)
        .setAudience(over.aud ?? 'cloister')
        .setSubject('ada')
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(privateKey);
    expect(await ask(url, await sign({}))).toBe(200);
    expect(await ask(url, await sign({ tenant: 'south' }))).toBe(0);
    expect(await ask(url, await sign({}, { aud: 'other' }))).toBe(0);
    expect(await ask(url, await sign({}, { iss: 'https://other.example' }))).toBe(0);
    expect(await ask(url, `${await sign({})}x`)).toBe(0);
    expect(await ask(url, createApiKey().apiKey)).toBe(0);
    keys.close();
  });
});

describe('an owner', () => {
  it('decides who may call: only its signed list counts', async () => {
    const owner = await createEd25519Signer();
    const { apiKey, sha256 } = createApiKey();
    const evidence = (await createSimulatedTee()).provider;
    const config: GatewayConfig = { upstream: engine.url, apiKeyOwner: toHex(owner.publicKey) };
    const notAfter = Date.now() + 60_000;
    const issuer = 'clinic.example';
    const signedApiKeys = await signApiKeys([{ ...record, sha256 }], { issuer, notAfter, signer: owner });
    await using gateway = await createGateway({ config, evidence, signedApiKeys });
    expect(await ask(await gateway.listen(), apiKey)).toBe(200);

    const principals = createApiKeyDirectory([{ ...record, sha256 }], { issuer });
    await expect(createGateway({ config, evidence, principals })).rejects.toMatchObject({
      code: 'ERR_GATEWAY_CALLERS_UNSIGNED',
    });
    await expect(createGateway({ config, evidence })).rejects.toMatchObject({ code: 'ERR_GATEWAY_CALLERS_MISSING' });
    const forged = { ...signedApiKeys, keys: [{ ...record, sha256: createApiKey().sha256 }] };
    await expect(createGateway({ config, evidence, signedApiKeys: forged })).rejects.toMatchObject({
      code: 'ERR_TENANCY_DIRECTORY_SIGNATURE',
    });
  });

  it('vouches for a deployment, so that a policy need not know its digest', async () => {
    const [owner, stranger] = [await createEd25519Signer(), await createEd25519Signer()];
    const { apiKey, sha256 } = createApiKey();
    const tee = await createSimulatedTee();
    const config = { upstream: engine.url };
    const deployment = deploymentDigest(parseGatewayConfig(config));
    const notAfter = Date.now() + 3_600_000;
    const signature = await owner.sign(encodeSignedDeployment(deployment, notAfter));
    await using gateway = await createGateway({
      config,
      evidence: tee.provider,
      principals: createApiKeyDirectory([{ ...record, sha256 }], { issuer: 'clinic.example' }),
      deploymentSignature: { notAfter, signature },
    });
    const url = await gateway.listen();
    const policy = { tee: 'tdx', workload: tee.workload } as const;
    await using enclave = await attest(url, { policy: { ...policy, owner: toHex(owner.publicKey) }, roots: tee.roots });
    const models = await enclave.fetch(`${enclave.baseURL}/models`, { headers: { authorization: `Bearer ${apiKey}` } });
    expect(models.status).toBe(200);
    await expect(
      attest(url, { policy: { ...policy, owner: toHex(stranger.publicKey) }, roots: tee.roots }),
    ).rejects.toMatchObject({ code: 'ERR_EVIDENCE_OWNER_SIGNATURE' });
  });
});
