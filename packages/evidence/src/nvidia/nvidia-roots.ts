import { equalBytes, fromBase64 } from '@cloister/core';
import type { Certificate } from '../x509/parse-certificate.ts';

/** The certificates that evidence about GPUs may end in, DER. A value: test roots hold only where somebody passes them. */
export interface NvidiaRoots {
  /** Roots of the devices' certificates. */
  readonly device: readonly Uint8Array[];
  /** Issuers of the keys that sign tokens of the remote attestation service. */
  readonly attestationService: readonly Uint8Array[];
  /** Roots of the signers of reference measurements. */
  readonly referenceValues: readonly Uint8Array[];
}

/** NVIDIA Device Identity CA: the published trust anchor of its GPUs. */
const DEVICE_ROOT: Uint8Array = fromBase64(
  'MIICCzCCAZCgAwIBAgIQLTZwscoQBBHB/sDoKgZbVDAKBggqhkjOPQQDAzA1MSIwIAYDVQQDDBlOVklESUEgRGV2aWNlIElkZW50aXR5IENBMQ' +
    '8wDQYDVQQKDAZOVklESUEwIBcNMjExMTA1MDAwMDAwWhgPOTk5OTEyMzEyMzU5NTlaMDUxIjAgBgNVBAMMGU5WSURJQSBEZXZpY2UgSWRlbnRp' +
    'dHkgQ0ExDzANBgNVBAoMBk5WSURJQTB2MBAGByqGSM49AgEGBSuBBAAiA2IABA5MFKM7+KViZljbQSlgfky/RRnEQScW9NDZF8SXgAW96r6u/V' +
    'e8ZggtcYpPi2BS4VFu6KfEIrhN6FcHG7WP05W+oM+hxj7nyA1r1jkB2Ry70YfThX3Ba1zOryOP+MJ9vaNjMGEwDwYDVR0TAQH/BAUwAwEB/zAO' +
    'BgNVHQ8BAf8EBAMCAQYwHQYDVR0OBBYEFFeF/4PyY8xlfWi3Olv0jUrL+0lfMB8GA1UdIwQYMBaAFFeF/4PyY8xlfWi3Olv0jUrL+0lfMAoGCC' +
    'qGSM49BAMDA2kAMGYCMQCPeFM3TASsKQVaT+8S0sO9u97PVGCpE9d/I42IT7k3UUOLSR/qvJynVOD1vQKVXf0CMQC+EY55WYoDBvs2wPAH1Gw4' +
    'LbcwUN8QCff8bFmV4ZxjCRr4WXTLFHBKjbfneGSBWwA=',
);
/** NVIDIA CoRIM signing Root CA: the published trust anchor of its reference measurements. */
const REFERENCE_ROOT: Uint8Array = fromBase64(
  'MIICKTCCAbCgAwIBAgIQRdrjoA5QN73fh1N17LXicDAKBggqhkjOPQQDAzBFMQswCQYDVQQGEwJVUzEPMA0GA1UECgwGTlZJRElBMSUwIwYDVQ' +
    'QDDBxOVklESUEgQ29SSU0gc2lnbmluZyBSb290IENBMCAXDTIzMDMxNjE1MzczNFoYDzIwNTMwMzA4MTUzNzM0WjBFMQswCQYDVQQGEwJVUzEP' +
    'MA0GA1UECgwGTlZJRElBMSUwIwYDVQQDDBxOVklESUEgQ29SSU0gc2lnbmluZyBSb290IENBMHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEuECyi9' +
    'vNM+Iw2lfUzyBldHAwaC1HF7TCgp12QcEyUTm3Tagxwr48d55+K2VIlWYIDk7NlAIQdcV/Ff7euGLI+Qauj93HsSI4WX298PpW54RTgz9tC+Q6' +
    '84caR/BXWEeZo2MwYTAdBgNVHQ4EFgQUpaXrOPK4ZDAk08DBskn594zeZjAwHwYDVR0jBBgwFoAUpaXrOPK4ZDAk08DBskn594zeZjAwDwYDVR' +
    '0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAQYwCgYIKoZIzj0EAwMDZwAwZAIwHGDyscDP6ihHqRvZlI3eqZ4YkvjE1duaN84tAHRVgxVMvNrp' +
    '5Tnom3idHYGW/dskAjATvjIx6VzHm/4e2GiZAyZEIUBDOKPzp5ei/A0iUZpdvngenDwV8Qa/wGdiTmJ7Bp4=',
);
/** NVIDIA Attestation Service GPU Intermediate 004, valid to 2029-12-08. The root above it is not published beside tokens. */
const ATTESTATION_SERVICE_AUTHORITY: Uint8Array = fromBase64(
  'MIIDjjCCAxWgAwIBAgIUX+djej7sXIvcZ8Ym8KJF8WsI3UMwCgYIKoZIzj0EAwMwVjELMAkGA1UEBhMCVVMxGzAZBgNVBAoMEk5WSURJQSBDb3' +
    'Jwb3JhdGlvbjEqMCgGA1UEAwwhTlZJRElBIEF0dGVzdGF0aW9uIFNlcnZpY2UgQ0EgMDAxMB4XDTI1MTIwODAwMDAwMFoXDTI5MTIwODAwMDAw' +
    'MFowZDE4MDYGA1UEAwwvTlZJRElBIEF0dGVzdGF0aW9uIFNlcnZpY2UgR1BVIEludGVybWVkaWF0ZSAwMDQxGzAZBgNVBAoMEk5WSURJQSBDb3' +
    'Jwb3JhdGlvbjELMAkGA1UEBhMCVVMwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQDCmOUQzlKU+iKzdXwJZBpjIwkO2ZhrbeevIScm' +
    'qL6QdkZMdj9FKxFResOdPoJA0IxMDwYFMy87MIJYV/hRAo9ut6q0OZiZwPFSfxqN+ZcDyFMkYEnHvMgFaSuYxMiNWm9WcOcOih8FdX0s8qmkHq' +
    '+NM48l8R7VNhX0HB2IZ2mxp4nH/dxpFcbpRavaECEvLqbUSvSNAmg+xNCCVsihKPF/rksGZK1wky6E8HcydYxydK2MP95dc5Ovqq80COxCPgsj' +
    'gUN/JT9Gr9iNXaof9W2ZKqasCjADRfITS7N9SQsp7Jv6UudT5tFbFKp7gCKwpjjUgQEUo3JkWTHiBuRrBZWFAgMBAAGjgecwgeQwDwYDVR0TAQ' +
    'H/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAQYwSAYDVR0fBEEwPzA9oDugOYY3aHR0cDovL2NybC5uZGlzLm52aWRpYS5jb20vY3JsLW5yYXMvbnYt' +
    'bnJhcy1sMS1yb290LmNybDA3BggrBgEFBQcBAQQrMCkwJwYIKwYBBQUHMAGGG2h0dHA6Ly9vY3NwLm5kaXMubnZpZGlhLmNvbTAdBgNVHQ4EFg' +
    'QU+qgA049NpzpcZ2zfUTukavKMrt0wHwYDVR0jBBgwFoAUvgpv7XnCSKqKNwsm9oU3MWxyBL8wCgYIKoZIzj0EAwMDZwAwZAIwEaF8qbwlAoAW' +
    'Nm7WNnqdECSs9uQxqQkl1eQLKJIVEC+XsHTL2SGBrbUGlLX89zf/AjAL0Xav/uW7dMhqSqqE86RiojGbZR5jRNtWAJIw/YH9yBAJ5ktCAqSSfr' +
    'J4qjzf48U=',
);
/** NVIDIA alone: what holds unless a caller says otherwise. */
export const NVIDIA_ROOTS: NvidiaRoots = Object.freeze({
  device: Object.freeze([DEVICE_ROOT]),
  attestationService: Object.freeze([ATTESTATION_SERVICE_AUTHORITY]),
  referenceValues: Object.freeze([REFERENCE_ROOT]),
});

/** Whether a certificate is, byte for byte, one of the trusted ones. */
export function isTrusted(certificate: Certificate, trusted: readonly Uint8Array[]): boolean {
  return trusted.some((root) => equalBytes(root, certificate.raw));
}

/** Whether a certificate is one of NVIDIA's own anchors: anything else is a simulation. */
export function isGenuine(certificate: Certificate, kind: keyof NvidiaRoots): boolean {
  return isTrusted(certificate, NVIDIA_ROOTS[kind]);
}
