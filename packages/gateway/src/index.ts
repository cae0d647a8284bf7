export { createGateway } from './create-gateway.ts';
export type { Gateway, GatewayOptions } from './create-gateway.ts';
export type { GatewayErrorCode } from './errors.ts';
export { deploymentDigest, parseGatewayConfig } from './config/gateway-config.ts';
export type { EffectiveGatewayConfig, GatewayConfig } from './config/gateway-config.ts';
export { wirePolicyDigest } from './config/wire-policy.ts';
