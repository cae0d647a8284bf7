import { parseLogProof, parseVerifierKey, verifyLogProof } from '@cloister/audit';
import { toHex } from '@cloister/core';
import { judgeLog, KEY_OPTION, readKey, readText } from '../audit/judge-log.ts';
import type { Command } from '../command.ts';
import { readInput } from '../input/read-input.ts';

/** `cloister audit check FILE`: judges the proof of one event without the log. */
export const auditCheck: Command = {
  details: 'The event is the leaf as `audit export --format jsonl` prints it; one newline at its end is left out.',
  options: { ...KEY_OPTION, event: { value: 'FILE', help: 'the event, canonical JSON; required' } },
  run: (invocation) =>
    judgeLog(invocation, async () => {
      const { operands, terminal, isJson } = invocation;
      const entry = await readInput(invocation.need('event'));
      const proof = parseLogProof(await readText(operands[0] as string));
      const key = parseVerifierKey(await readKey(invocation));
      const { origin, size, root } = await verifyLogProof(
        proof,
        entry.at(-1) === 10 ? entry.subarray(0, -1) : entry,
        key,
      );
      const { index } = proof;
      if (isJson) return terminal.json({ verdict: 'accept', origin, index, size, root: toHex(root) });
      terminal.line(`${terminal.paint('good', 'ACCEPTED')}  event ${index} of ${size} of ${origin}`);
    }),
};
