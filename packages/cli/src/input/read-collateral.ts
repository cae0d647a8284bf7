import { type Collateral, createCollateral } from '@cloister/client';
import type { TdxCollateral } from '@cloister/core';
import type { TrustRoots } from '@cloister/evidence';
import type { CommandOption } from '../command.ts';
import { interpretDocument } from './read-document.ts';
import { readInput } from './read-input.ts';

/** The option that names such a file. */
export const COLLATERAL_OPTION: CommandOption = {
  value: 'FILE',
  help: "Intel's collateral in JSON, or a client's exportBundle() for any vendor",
};

/** What a file of collateral holds: Intel's for one quote, or what a client exported, for any vendor. */
export interface GivenCollateral {
  readonly collateral: TdxCollateral | undefined;
  readonly kept: Collateral | undefined;
}

/**
 * Reads collateral: the four documents of Intel in JSON, or the file of `exportBundle()`, which is used without a network.
 * @param name a file; nothing is given when left out
 * @throws ERR_CLI_FILE_*, ERR_CLIENT_COLLATERAL_BUNDLE
 */
export async function readCollateral(
  name: string | undefined,
  { now, roots }: { readonly now: number; readonly roots: TrustRoots | undefined },
): Promise<GivenCollateral> {
  if (name === undefined) return { collateral: undefined, kept: undefined };
  const bundle = await readInput(name);
  if (!isExport(bundle))
    return { collateral: interpretDocument(name, bundle) as unknown as TdxCollateral, kept: undefined };
  const clock = { now: () => now };
  const options = { whenDown: 'cached', offline: true, bundle, clock } as const;
  return { collateral: undefined, kept: createCollateral(roots === undefined ? options : { ...options, roots }) };
}

/** By its last member in canonical order: `entries`, `type`, `version`. */
function isExport(bytes: Uint8Array): boolean {
  const end = Buffer.from(bytes.subarray(-64)).toString('latin1').trimEnd();
  return end.endsWith('"type":"cloister/collateral","version":1}');
}
