/** The measurements that can be pinned, 48 bytes each. */
export const PINS = [
  'mrSeam',
  'mrTd',
  'rtmr0',
  'rtmr1',
  'rtmr2',
  'rtmr3',
  'mrConfigId',
  'mrOwner',
  'mrOwnerConfig',
] as const;

/** The name of a measurement that can be pinned. */
export type Pin = (typeof PINS)[number];

/** The TD report body of a quote: what the TDX module says about the guest. Names follow Intel's TDX module specification. */
export interface TdReport {
  /** 16 bytes: SVN of the TDX module [0], its major version [1], late microcode [2]. */
  readonly teeTcbSvn: Uint8Array;
  /** 48 bytes each, unless said. */
  readonly mrSeam: Uint8Array;
  readonly mrSignerSeam: Uint8Array;
  /** 8 bytes. */
  readonly seamAttributes: Uint8Array;
  /** 8 bytes; bit 0 of the first is DEBUG. */
  readonly tdAttributes: Uint8Array;
  /** 8 bytes: extended features of the guest. */
  readonly xfam: Uint8Array;
  /** Measurement of the initial guest contents. */
  readonly mrTd: Uint8Array;
  readonly mrConfigId: Uint8Array;
  readonly mrOwner: Uint8Array;
  readonly mrOwnerConfig: Uint8Array;
  readonly rtmr0: Uint8Array;
  readonly rtmr1: Uint8Array;
  readonly rtmr2: Uint8Array;
  readonly rtmr3: Uint8Array;
  /** 64 bytes that the guest chose. */
  readonly reportData: Uint8Array;
  /** 16 bytes; only in the TDX 1.5 body of version 5 quotes. */
  readonly teeTcbSvn2: Uint8Array | undefined;
  /** Measurement of service guests bound to this one; only in the TDX 1.5 body. */
  readonly mrServiceTd: Uint8Array | undefined;
}

/** The SGX report of the quoting enclave, 384 bytes. */
export interface EnclaveReport {
  readonly raw: Uint8Array;
  readonly miscSelect: Uint8Array;
  /** 16 bytes; bit 1 of the first is DEBUG. */
  readonly attributes: Uint8Array;
  /** 32 bytes each. */
  readonly mrEnclave: Uint8Array;
  readonly mrSigner: Uint8Array;
  readonly isvProdId: number;
  readonly isvSvn: number;
  /** 64 bytes. */
  readonly reportData: Uint8Array;
}

/** A parsed TDX quote (Intel TDX DCAP quoting library, quote format versions 4 and 5). Views into the given bytes. */
export interface TdxQuote {
  readonly version: 4 | 5;
  /** 16 bytes. */
  readonly qeVendorId: Uint8Array;
  /** 20 bytes. */
  readonly userData: Uint8Array;
  readonly report: TdReport;
  /** Header, body descriptor (version 5) and body: what the attestation key signed. */
  readonly signed: Uint8Array;
  /** r || s, 64 bytes. */
  readonly signature: Uint8Array;
  /** x || y, 64 bytes. */
  readonly attestationKey: Uint8Array;
  readonly qeReport: EnclaveReport;
  /** r || s, 64 bytes, by the platform certificate's key. */
  readonly qeReportSignature: Uint8Array;
  readonly qeAuthData: Uint8Array;
  /** The platform certificate chain, PEM. */
  readonly pckChain: Uint8Array;
}
