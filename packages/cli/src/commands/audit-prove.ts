import { encodeLogProof } from '@cloister/audit';
import { proveEvent } from '@cloister/audit/node';
import { judgeLog, KEY_OPTION, parseIndex, readKey } from '../audit/judge-log.ts';
import type { Command } from '../command.ts';

/** `cloister audit prove DIRECTORY INDEX`: prints the proof of one event. */
export const auditProve: Command = {
  details: 'The event must be covered by the checkpoint in the directory. The file is that of C2SP tlog-proof.',
  options: KEY_OPTION,
  run: (invocation) =>
    judgeLog(invocation, async () => {
      const { operands, terminal, isJson } = invocation;
      const index = parseIndex(operands[1] as string, 'INDEX');
      const proven = await proveEvent(operands[0] as string, await readKey(invocation), index);
      const [proof, entry] = [encodeLogProof(proven), Buffer.from(proven.entry).toString('utf8')];
      if (isJson) terminal.json({ index, entry, proof });
      else terminal.line(proof.slice(0, -1));
    }),
};
