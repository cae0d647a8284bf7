import { createOcsfExporter, parseVerifierKey, toOtlpLogs, type ExportedEvent } from '@cloister/audit';
import { readLog, type StoredEvent } from '@cloister/audit/node';
import { judgeLog, KEY_OPTION, parseIndex, readKey } from '../audit/judge-log.ts';
import type { Command } from '../command.ts';
import { cliError } from '../errors.ts';

/** Events of one OTLP document. */
const OTLP_BATCH = 512;

type Renderer = (events: readonly StoredEvent[]) => Iterable<string>;

/** `cloister audit export DIRECTORY`: prints events for other systems, one JSON document a line. */
export const auditExport: Command = {
  details: [
    'jsonl: the leaves themselves, which proofs are about. ocsf: one API Activity a line, each with its own SHA-256 and that of',
    'the one before; it needs --key for the name of the chain. otlp: export requests of up to 512 log records a line.',
    'Give the index after the last event to --from to go on: nothing is lost and nothing comes twice.',
  ].join('\n'),
  options: {
    ...KEY_OPTION,
    format: { value: 'FORMAT', help: 'jsonl, ocsf or otlp; jsonl unless said' },
    from: { value: 'INDEX', help: 'the first event; 0 unless said' },
  },
  run: (invocation) =>
    judgeLog(invocation, async () => {
      const { operands, terminal } = invocation;
      const from = parseIndex(invocation.option('from') ?? '0', '--from');
      const render = createRenderer(
        invocation.option('format') ?? 'jsonl',
        invocation.option('key') === undefined ? undefined : await readKey(invocation),
      );
      let batch: StoredEvent[] = [];
      const flush = (): void => {
        for (const line of render(batch)) terminal.line(line);
        batch = [];
      };
      for await (const stored of readLog(operands[0] as string, { from })) {
        batch.push(stored);
        if (batch.length === OTLP_BATCH) flush();
      }
      if (batch.length > 0) flush();
    }),
};

function createRenderer(format: string, key: string | undefined): Renderer {
  if (format === 'jsonl') return (events) => events.map(({ entry }) => Buffer.from(entry).toString('utf8'));
  if (format === 'otlp') return (events: readonly ExportedEvent[]) => [JSON.stringify(toOtlpLogs(events))];
  if (format !== 'ocsf') throw cliError('ERR_CLI_OPTION_VALUE', { subject: '--format' });
  if (key === undefined) throw cliError('ERR_CLI_OPTION_MISSING', { subject: '--key' });
  const convert = createOcsfExporter(parseVerifierKey(key).name);
  return (events) => events.map((event) => JSON.stringify(convert(event)));
}
