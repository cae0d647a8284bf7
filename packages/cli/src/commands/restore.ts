import type { Classification } from '@cloister/core';
import {
  createRestorer,
  type Masked,
  type Restored,
  type RestoredJson,
  restoreJson,
  type RestoreReport,
  unmaskJson,
  type Vault,
} from '@cloister/redaction';
import type { Command } from '../command.ts';
import { cliError } from '../errors.ts';
import { EXIT } from '../exit-status.ts';
import { readClass } from '../input/read-class.ts';
import { mapJsonLines, readText } from '../input/read-text.ts';
import { openVaultFile, readVaultPlace, VAULT_OPTIONS } from '../input/vault-file.ts';

/** `cloister restore --vault FILE --key FILE < text`: tokens replaced by their values. */
export const restoreCommand: Command = {
  details: [
    'Reads standard input and writes standard output; numbers about it go to standard error. The text may come from a model:',
    'tokens in the targets of links stay, and in JSON lines only values are restored. With --exact the input is what',
    '`cloister redact` wrote, and comes back as it was before. Values of a labelled text need a clearance that covers it.',
  ].join('\n'),
  options: {
    jsonl: { help: 'each line is JSON' },
    exact: { help: 'undo `cloister redact`: links and names of members are restored as well' },
    clearance: { value: 'CLASS', help: 'the class that the reader may see; required with --jsonl unless --exact' },
    ...VAULT_OPTIONS,
  },
  async run(invocation) {
    const { terminal } = invocation;
    const place = await readVaultPlace(invocation);
    if (place === undefined) throw cliError('ERR_CLI_OPTION_MISSING', { subject: '--vault' });
    const clearance = readClass(invocation, 'clearance');
    const [isJsonl, isExact] = [invocation.has('jsonl'), invocation.has('exact')];
    if (isJsonl && !isExact && clearance === undefined)
      throw cliError('ERR_CLI_OPTION_MISSING', { subject: '--clearance' });
    using vault = await openVaultFile(place);
    const total = { restored: 0, repaired: 0, withheld: 0, inLinks: 0, unknown: 0 };
    const restore = isExact
      ? createUnmasking(vault, isJsonl, clearance)
      : createRestoring(vault, isJsonl, clearance, total);
    const text = await readText('-');
    const restored = isJsonl ? await mapJsonLines(text, async (line) => restore(line)) : restore(text);
    if (invocation.isJson) terminal.json({ text: restored, ...(isExact ? {} : { report: total }) });
    else terminal.raw(restored);
    if (!invocation.isJson && !isExact) terminal.note(JSON.stringify(total));
    return EXIT.accept;
  },
};

type Restoring = (text: string) => string;

/** What the operator says was masked here is taken at this word: the vault restores nothing but its own tokens. */
function createUnmasking(vault: Vault, isJsonl: boolean, clearance: Classification | undefined): Restoring {
  const options = clearance === undefined ? {} : { clearance };
  return (text) => (isJsonl ? unmaskJson(vault, text as Masked, options) : vault.unmask(text as Masked, options));
}

function createRestoring(
  vault: Vault,
  isJsonl: boolean,
  clearance: Classification | undefined,
  total: Record<keyof RestoreReport, number>,
): Restoring {
  return (text) => {
    const { text: restored, report } =
      isJsonl && clearance !== undefined
        ? restoreJson(vault, text, { clearance })
        : restoreText(vault, text, clearance);
    for (const outcome of Object.keys(total) as (keyof RestoreReport)[]) total[outcome] += report[outcome];
    return restored;
  };
}

function restoreText(vault: Vault, text: string, clearance: Classification | undefined): RestoredJson {
  const restorer = createRestorer(vault, clearance === undefined ? {} : { clearance });
  const restored = `${restorer.push(text)}${restorer.end()}` as Restored;
  return { text: restored, report: restorer.report() };
}
