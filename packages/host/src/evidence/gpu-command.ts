import { execFile } from 'node:child_process';
import { type EvidenceProvider, toHex } from '@cloister/core';
import { hostError } from '../errors.ts';
import { parseGpuDevices } from './gpu-devices.ts';

/** Stands for the nonce, 64 hex digits, in the arguments of a command. */
export const NONCE_PLACEHOLDER = '{nonce}';

const MAX_OUTPUT = 8 * 1024 * 1024;
const TIMEOUT = 120_000;

/**
 * GPU evidence from a program of this guest, for example a wrapper of NVIDIA's attestation tool. It runs without a shell and
 * without this process's environment, gets the nonce in place of `{nonce}` and prints JSON: a list of
 * `{arch, evidence, certificate}` with base64 of the SPDM exchange and of the PEM chain.
 * @param command absolute path, then arguments
 * @throws from the call: ERR_HOST_GPU_COMMAND, ERR_HOST_EVIDENCE_MALFORMED, ERR_HOST_EVIDENCE_UNBOUND
 */
export function gpuCommand([file, ...given]: readonly [string, ...string[]]): EvidenceProvider['collectGpus'] {
  return async (nonce) => {
    const args = given.map((argument) => argument.replaceAll(NONCE_PLACEHOLDER, toHex(nonce)));
    return parseGpuDevices(await run(file, args), nonce);
  };
}

async function run(file: string, args: readonly string[]): Promise<Uint8Array> {
  const options = { encoding: 'buffer', env: {}, timeout: TIMEOUT, maxBuffer: MAX_OUTPUT, windowsHide: true } as const;
  return new Promise((resolve, reject) => {
    execFile(file, [...args], options, (error, stdout) => {
      // Its error text would repeat what the program printed; the status is enough.
      if (error === null) resolve(new Uint8Array(stdout));
      else
        reject(
          hostError('ERR_HOST_GPU_COMMAND', { detail: typeof error.code === 'number' ? { status: error.code } : {} }),
        );
    });
  });
}
