export { createGateway } from './create-gateway.ts';
export type { Gateway } from './create-gateway.ts';
export type { IsolationSettings } from './isolation/isolation-settings.ts';
export type { EngineVerdict } from './isolation/prove-engine.ts';
export type { GatewayOptions } from './gateway-options.ts';
export type { GatewayErrorCode } from './errors.ts';
export { deploymentDigest, parseGatewayConfig } from './config/gateway-config.ts';
export type { EffectiveGatewayConfig, GatewayConfig } from './config/gateway-config.ts';
export { wirePolicyDigest } from './config/wire-policy.ts';
