import { writeFile } from 'node:fs/promises';
import {
  createRedactor,
  createVault,
  DETECTION_TYPES,
  type DetectionType,
  isDetectionType,
  redactJson,
  type Redactor,
} from '@cloister/redaction';
import type { Command, Invocation } from '../command.ts';
import { cliError } from '../errors.ts';
import { EXIT } from '../exit-status.ts';
import { readClass } from '../input/read-class.ts';
import { mapJsonLines, readText } from '../input/read-text.ts';
import { openVaultFile, readVaultPlace, saveVaultFile, VAULT_OPTIONS } from '../input/vault-file.ts';

/** `cloister redact < text`: personal data replaced by tokens. */
export const redactCommand: Command = {
  details: [
    'Reads standard input, writes the masked text to standard output and a report of numbers to standard error. With --vault',
    'the values are kept, sealed, and the same value gets the same token in the next run; without it there is no way back.',
    'A key: head -c 32 /dev/urandom > vault.key. Runs that share a vault go one after the other.',
    `Types: ${DETECTION_TYPES.slice(0, 12).join(' ')}`,
    `  ${DETECTION_TYPES.slice(12).join(' ')}`,
  ].join('\n'),
  options: {
    jsonl: { help: 'each line is JSON: strings, numbers and names of members are masked one by one' },
    types: { value: 'LIST', help: 'types to replace, with commas; all unless given' },
    names: { value: 'FILE', help: 'names of people, one a line' },
    mrn: { value: 'PATTERN', help: 'what your record numbers look like: a regular expression with bounded repeats' },
    label: { value: 'CLASS', help: 'class of the text: restore then needs a clearance that covers it' },
    report: { value: 'FILE', help: 'write the report to this file instead' },
    ...VAULT_OPTIONS,
  },
  async run(invocation) {
    const { terminal } = invocation;
    const place = await readVaultPlace(invocation);
    const redactor = await readRedactor(invocation);
    const label = readClass(invocation, 'label');
    using vault = place === undefined ? createVault() : await openVaultFile(place, { orCreate: true });
    const text = await readText('-');
    const report: RedactReport = { types: {}, unverified: {}, escaped: 0, values: 0 };
    const redacting = { vault, ...(label === undefined ? {} : { label }) };
    const masked = invocation.has('jsonl')
      ? await mapJsonLines(text, async (line) => count(report, await redactJson(redactor, line, redacting)))
      : count(report, await redactor.redact(text, redacting));
    report.values = vault.summarize().length;
    // The way back is safe before the text is out.
    if (place !== undefined) await saveVaultFile(vault, place);
    await writeReport(invocation, report);
    if (invocation.isJson) terminal.json({ text: masked, report: { ...report } });
    else terminal.raw(masked);
    return EXIT.accept;
  },
};

interface RedactReport {
  /** Replaced values by type. */
  readonly types: Record<string, number>;
  /** Of these, the ones that fail the check of their type. */
  readonly unverified: Record<string, number>;
  /** Typed tokens made inert. */
  escaped: number;
  /** Values in the vault. */
  values: number;
}

function count(report: RedactReport, masked: Awaited<ReturnType<typeof redactJson>>): string {
  const { text, escaped } = masked;
  for (const [total, counts] of [
    [report.types, masked.counts],
    [report.unverified, masked.unverified],
  ] as const)
    for (const [type, found] of Object.entries(counts)) total[type] = (total[type] ?? 0) + found;
  report.escaped += escaped;
  return text;
}

async function writeReport(invocation: Invocation, report: RedactReport): Promise<void> {
  const { isJson, terminal } = invocation;
  const file = invocation.option('report');
  if (file === undefined) return isJson ? undefined : terminal.note(JSON.stringify(report));
  await writeFile(file, `${JSON.stringify(report)}\n`).catch(() => {
    throw cliError('ERR_CLI_FILE_UNWRITABLE', { subject: file });
  });
}

async function readRedactor(invocation: Invocation): Promise<Redactor> {
  const [types, names, mrn] = ['types', 'names', 'mrn'].map((name) => invocation.option(name));
  return createRedactor({
    ...(types === undefined ? {} : { types: readTypes(types) }),
    ...(names === undefined
      ? {}
      : { names: (await readText(names)).split(/\r?\n/).filter((name) => name.trim() !== '') }),
    ...(mrn === undefined ? {} : { patterns: { mrn } }),
  });
}

function readTypes(list: string): readonly DetectionType[] {
  return list.split(',').map((type) => {
    if (!isDetectionType(type)) throw cliError('ERR_CLI_OPTION_VALUE', { subject: '--types' });
    return type;
  });
}
