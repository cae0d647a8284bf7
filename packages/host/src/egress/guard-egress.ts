import { guardDatagrams, guardSockets, type RefusalListener } from './guard-sockets.ts';
import { isChildProcessDenied, guardWorkers, refuseChildProcesses } from './guard-processes.ts';
import { parseAllowList, type Resolver } from './allow-list.ts';

/** What a process may reach. */
export interface EgressOptions {
  /** `host:port` with a name or an address, or `unix:/path`; compared exactly. */
  readonly allow: readonly string[];
  /** Programs that may be started, by absolute path: they are not guarded. None unless said. */
  readonly programs?: readonly string[];
  /** Told every refusal. */
  readonly onRefusal?: RefusalListener;
  /** Resolves names; the platform's resolver unless said. Each name is resolved once. */
  readonly resolver?: Resolver;
}

/** What the guard covers. */
export interface EgressReport {
  /** The list in force, normalised. */
  readonly allow: readonly string[];
  /** Ways out that it does not hold against, by name: for the doctor and for audits. */
  readonly notCovered: readonly string[];
}

/**
 * Puts a seat belt on this process: sockets reach only what the list names, worker threads start with the same guard, child
 * processes and datagrams are refused. It stops mistakes and libraries with habits of their own. It is no boundary: code in
 * this process can undo it, and a network policy from the same list has to stand behind it. It cannot be taken off.
 * @throws ERR_HOST_EGRESS_ENTRY
 */
export function guardEgress(options: EgressOptions): EgressReport {
  const { allow, programs = [], onRefusal = () => undefined, resolver } = options;
  const list = parseAllowList(allow, resolver);
  guardSockets(list, onRefusal);
  guardDatagrams(onRefusal);
  refuseChildProcesses(programs, () => onRefusal(undefined));
  guardWorkers(list.entries);
  return {
    allow: list.entries,
    notCovered: ['name-lookups', 'native-code', ...(isChildProcessDenied() ? [] : ['child-processes'])],
  };
}
