/** A TCB version: the security versions of the parts of the firmware, each 0 to 255. */
export interface SnpTcb {
  /** Firmware of the management controller; Turin alone has it. */
  readonly fmc?: number | undefined;
  readonly bootloader: number;
  readonly tee: number;
  readonly snp: number;
  readonly microcode: number;
}

/** A version of the SNP firmware. */
export interface FirmwareVersion {
  readonly major: number;
  readonly minor: number;
  readonly build: number;
}

/**
 * A parsed SEV-SNP attestation report (AMD SEV-SNP firmware ABI, ATTESTATION_REPORT, versions 2 to 5). Views into the given
 * bytes. The TCB versions stay raw, 8 bytes: their layout depends on the line of processors.
 */
export interface SnpReport {
  readonly version: 2 | 3 | 4 | 5;
  readonly guestSvn: number;
  /** Guest policy, 64 bits. */
  readonly policy: bigint;
  /** 16 bytes each, from the ID block. */
  readonly familyId: Uint8Array;
  readonly imageId: Uint8Array;
  /** Privilege level that asked, 0 to 3; 0xffffffff when the host did. */
  readonly vmpl: number;
  readonly currentTcb: Uint8Array;
  readonly reportedTcb: Uint8Array;
  readonly committedTcb: Uint8Array;
  readonly launchTcb: Uint8Array;
  /** Platform information, 64 bits. */
  readonly platformInfo: bigint;
  /** Whether an author key signed the ID key. */
  readonly authorKeyEnabled: boolean;
  readonly maskChipKey: boolean;
  /** 0 is VCEK, 1 VLEK, 7 none. */
  readonly signingKey: number;
  /** 64 bytes that the guest chose. */
  readonly reportData: Uint8Array;
  /** Launch digest, 48 bytes. */
  readonly measurement: Uint8Array;
  /** 32 bytes that the host chose at launch. */
  readonly hostData: Uint8Array;
  /** SHA-384 of the keys that signed the ID block, zero without one. */
  readonly idKeyDigest: Uint8Array;
  readonly authorKeyDigest: Uint8Array;
  /** 32 bytes each. */
  readonly reportId: Uint8Array;
  readonly reportIdMa: Uint8Array;
  /** Combined family, model and stepping; from version 3 on. */
  readonly cpuid: { readonly family: number; readonly model: number; readonly stepping: number } | undefined;
  /** 64 bytes; zero when the host masks it. */
  readonly chipId: Uint8Array;
  readonly currentVersion: FirmwareVersion;
  readonly committedVersion: FirmwareVersion;
  /** Mitigations in effect at launch and now, 64 bits each; version 5. */
  readonly mitigations: { readonly launch: bigint; readonly current: bigint } | undefined;
  /** What the key signed: bytes 0 to 0x29f. */
  readonly signed: Uint8Array;
  /** r || s, 48 bytes each, big-endian. */
  readonly signature: Uint8Array;
}
