export {
  type CollateralServicesStandIn,
  type CollateralStandInOptions,
  startCollateralServices,
} from './start-collateral-services.ts';
export { SERVICE_FAULTS, type ServiceFault } from './service-fault.ts';
