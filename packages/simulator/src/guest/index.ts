export {
  type ConfigfsHook,
  createFakeConfigfs,
  type FakeConfigfs,
  type FakeConfigfsOptions,
  type FakeEntry,
} from './fake-configfs.ts';
export { type GuestServiceOptions, startCocoAgent, startDstackAgent } from './guest-services.ts';
export { type GuestAnswer, type GuestHandler, type GuestService, startGuestService } from './start-guest-service.ts';
