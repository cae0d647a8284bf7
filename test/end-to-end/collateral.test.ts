import { attest, createCollateral } from '@cloister/client';
import { startSimulatedGateway, type SimulatedGateway } from '@cloister/example-gateway/start';
import { type CollateralServicesStandIn, startCollateralServices } from '@cloister/simulator/collateral-services';
import { createSimulatedTee } from '@cloister/simulator/tee';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let running: SimulatedGateway;
let standIn: CollateralServicesStandIn;

beforeAll(async () => {
  running = await startSimulatedGateway();
  standIn = await startCollateralServices({ intel: running.tee.collateral });
});
afterAll(async () => {
  await standIn[Symbol.asyncDispose]();
  await running[Symbol.asyncDispose]();
});

describe('attest with collateral of its own', () => {
  it('asks the service, once, and later needs only the bundle', async () => {
    const trust = { policy: running.policy, roots: running.tee.roots };
    const collateral = createCollateral({ whenDown: 'require', services: standIn.services, roots: running.tee.roots });
    await using first = await attest(running.url, { ...trust, collateral });
    await using second = await attest(running.url, { ...trust, collateral });
    expect(standIn.requests).toHaveLength(4);
    const bundle = collateral.exportBundle();
    const offline = createCollateral({
      whenDown: 'cached',
      bundle,
      offline: true,
      services: standIn.services,
      roots: running.tee.roots,
    });
    await using third = await attest(running.url, { ...trust, collateral: offline });
    expect(standIn.requests).toHaveLength(4);
    expect([first, second, third].map(({ identity }) => identity.simulated)).toEqual([true, true, true]);
  });

  it('judges by it and not by what the gateway sends along', async () => {
    const { policy, tee } = running;
    const other = await createSimulatedTee();
    standIn.setIntel(other.collateral);
    const collateral = createCollateral({ whenDown: 'require', services: standIn.services, roots: tee.roots });
    await expect(attest(running.url, { policy, roots: tee.roots, collateral })).rejects.toMatchObject({
      code: 'ERR_CLIENT_COLLATERAL_WRONG',
    });
    await using control = await attest(running.url, { policy, roots: tee.roots });
    expect(control.identity.simulated).toBe(true);
  });
});
