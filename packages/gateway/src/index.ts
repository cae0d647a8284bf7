export { createGateway } from './create-gateway.ts';
export type { Gateway, GatewayOptions } from './create-gateway.ts';
export type { GatewayErrorCode } from './errors.ts';
export { deploymentDigest, parseGatewayConfig } from './gateway-config.ts';
export type { EffectiveGatewayConfig, GatewayConfig } from './gateway-config.ts';
export { wirePolicyDigest } from './wire-policy.ts';
