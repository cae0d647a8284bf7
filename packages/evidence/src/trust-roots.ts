import { fromBase64 } from '@cloister/core';
import type { NvidiaRoots } from './nvidia/nvidia-roots.ts';

/** The roots that evidence may end in. A value, so that test roots are trusted only where somebody passes them. */
export interface TrustRoots {
  /** Root certificates for TDX, DER. */
  readonly intel: readonly Uint8Array[];
  /** Root keys (ARK) for SEV-SNP, by the line of processors they are for. None when left out. */
  readonly amd?: readonly AmdRoot[] | undefined;
  /** Roots of GPUs and of what is said about them. None when left out. */
  readonly nvidia?: NvidiaRoots | undefined;
  /** Whether these are test roots. Evidence under any root but Intel's own counts as simulated in any case. */
  readonly simulated: boolean;
}

/** A line of AMD's server processors, as its certificates name it. Genoa's covers Bergamo and Siena too. */
export type AmdLine = 'Milan' | 'Genoa' | 'Turin';

/** The root certificate (ARK) of one line. */
export interface AmdRoot {
  readonly line: AmdLine;
  /** SHA-256 of the certificate, lower-case hex. */
  readonly sha256: string;
}

/** Intel SGX Root CA, DER: the published trust anchor of SGX and TDX. */
export const INTEL_SGX_ROOT: Uint8Array = fromBase64(
  'MIICjzCCAjSgAwIBAgIUImUM1lqdNInzg7SVUr9QGzknBqwwCgYIKoZIzj0EAwIwaDEaMBgGA1UEAwwRSW50ZWwgU0dYIFJvb3Qg' +
    'Q0ExGjAYBgNVBAoMEUludGVsIENvcnBvcmF0aW9uMRQwEgYDVQQHDAtTYW50YSBDbGFyYTELMAkGA1UECAwCQ0ExCzAJBgNVBAYT' +
    'AlVTMB4XDTE4MDUyMTEwNDUxMFoXDTQ5MTIzMTIzNTk1OVowaDEaMBgGA1UEAwwRSW50ZWwgU0dYIFJvb3QgQ0ExGjAYBgNVBAoM' +
    'EUludGVsIENvcnBvcmF0aW9uMRQwEgYDVQQHDAtTYW50YSBDbGFyYTELMAkGA1UECAwCQ0ExCzAJBgNVBAYTAlVTMFkwEwYHKoZI' +
    'zj0CAQYIKoZIzj0DAQcDQgAEC6nEwMDIYZOj/iPWsCzaEKi71OiOSLRFhWGjbnBVJfVnkY4u3IjkDYYL0MxO4mqsyYjlBalTVYxF' +
    'P2sJBK5zlKOBuzCBuDAfBgNVHSMEGDAWgBQiZQzWWp00ifODtJVSv1AbOScGrDBSBgNVHR8ESzBJMEegRaBDhkFodHRwczovL2Nl' +
    'cnRpZmljYXRlcy50cnVzdGVkc2VydmljZXMuaW50ZWwuY29tL0ludGVsU0dYUm9vdENBLmRlcjAdBgNVHQ4EFgQUImUM1lqdNInz' +
    'g7SVUr9QGzknBqwwDgYDVR0PAQH/BAQDAgEGMBIGA1UdEwEB/wQIMAYBAf8CAQEwCgYIKoZIzj0EAwIDSQAwRgIhAOW/5QkR+S9C' +
    'iSDcNoowLuPRLsWGf/Yi7GSX94BgwTwgAiEA4J0lrHoMs+Xo5o/sX6O9QWxHRAvZUGOdRQ7cvqRXaqI=',
);

/** Intel alone: what holds unless a caller says otherwise. */
export const INTEL_ROOTS: TrustRoots = Object.freeze({ intel: Object.freeze([INTEL_SGX_ROOT]), simulated: false });
