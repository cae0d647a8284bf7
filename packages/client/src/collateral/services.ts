/** Where the vendors' services are. Each value is an origin, or an origin with a path, without a final slash. */
export interface CollateralServices {
  /** Intel's provisioning certification service, or a caching one (PCCS) that speaks API version 4. */
  readonly intel: string;
  /** Intel's root revocation list, a whole address: a caching service has it under another name than Intel. */
  readonly intelRootList: string;
  /** AMD's key distribution service. */
  readonly amd: string;
  /** NVIDIA's reference measurements, certificate status and remote attestation. */
  readonly nvidiaRim: string;
  readonly nvidiaOcsp: string;
  readonly nvidiaAttestation: string;
}

/** The vendors' own services. */
export const VENDOR_SERVICES: CollateralServices = Object.freeze({
  intel: 'https://api.trustedservices.intel.com',
  intelRootList: 'https://certificates.trustedservices.intel.com/IntelSGXRootCA.der',
  amd: 'https://kdsintf.amd.com',
  nvidiaRim: 'https://rim.attestation.nvidia.com',
  nvidiaOcsp: 'https://ocsp.ndis.nvidia.com',
  nvidiaAttestation: 'https://nras.attestation.nvidia.com',
});

/** The services of a caching provisioning service (PCCS) in place of Intel's. @param url its address without a final slash */
export function cachingIntelServices(url: string): Pick<CollateralServices, 'intel' | 'intelRootList'> {
  return { intel: url, intelRootList: `${url}/sgx/certification/v4/rootcacrl` };
}
