import { fromHex, utf8 } from '@cloister/core';
import { loadText } from './load-vectors.ts';

/** A genuine report of a Hopper GPU with its certificates. */
export interface GpuVector {
  readonly report: Uint8Array;
  readonly certChain: Uint8Array;
}

/** The genuine report of this name, from the vectors in this repository or from `folder`. */
export function loadGpu(name: 'trustee-hopper' | 'sdk-hopper', folder?: URL): GpuVector {
  const report = fromHex(loadText(`nvidia/${name}.report.hex`, folder).trim());
  return { report, certChain: utf8(loadText(`nvidia/${name}.certchain.b64`, folder)) };
}
