/** What the CPU's TEE hands out for 64 bytes of report data. */
export type CpuEvidence =
  | { readonly tee: 'tdx'; readonly quote: Uint8Array; readonly eventLog?: Uint8Array }
  | {
      readonly tee: 'sev-snp';
      readonly report: Uint8Array;
      /** VCEK or VLEK, ASK or ASVK, ARK: DER. */
      readonly certs?: readonly Uint8Array[];
      /** Revocation lists of the ARK, DER. Signed by the vendor, as the certificates are: their way here does not matter. */
      readonly crls?: readonly Uint8Array[];
    };

/** What one GPU hands out for a 32-byte nonce. */
export interface GpuEvidence {
  /** The architecture's name as NVIDIA writes it, for example `HOPPER`. */
  readonly arch: string;
  /** Raw SPDM request and response. */
  readonly report: Uint8Array;
  /** The device's certificate chain, PEM. */
  readonly certChain: Uint8Array;
  /** A token of NVIDIA's remote attestation service, compact JWS. */
  readonly nrasToken?: string;
}

/**
 * Intel collateral for one platform, with the member names of Intel's PCS wrapped as its tools wrap them: JSON texts
 * exactly as served, signatures in hex, chains in PEM, CRLs in hex of DER.
 */
export interface TdxCollateral {
  readonly pck_crl_issuer_chain: string;
  readonly root_ca_crl: string;
  readonly pck_crl: string;
  readonly tcb_info_issuer_chain: string;
  readonly tcb_info: string;
  readonly tcb_info_signature: string;
  readonly qe_identity_issuer_chain: string;
  readonly qe_identity: string;
  readonly qe_identity_signature: string;
}

/** Where evidence comes from inside the guest. Chosen by name in the configuration, never by guessing. */
export interface EvidenceProvider {
  /** Which TEE answers. */
  readonly tee: CpuEvidence['tee'];
  /**
   * Collects CPU evidence.
   * @param reportData 64 bytes that the hardware signs
   */
  collect(reportData: Uint8Array): Promise<CpuEvidence>;
  /** Collects evidence of every GPU in index order; empty without GPUs. @param nonce 32 bytes */
  collectGpus(nonce: Uint8Array): Promise<readonly GpuEvidence[]>;
  /** Collateral to send along, when the provider has it. Signed by the vendor, so its way here does not matter. */
  collateral?(): Promise<TdxCollateral>;
}
