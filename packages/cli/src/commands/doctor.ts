import { existsSync } from 'node:fs';
import inspector from 'node:inspector';
import process from 'node:process';
import { inspectProcess } from '@cloister/host';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-status.ts';

/** `cloister doctor`: what this machine has. */
export const doctor: Command = {
  details: [
    'Every line says how it is known: `seen` was looked at, `not visible` cannot be seen from a process. Interfaces of a',
    'guest that are there prove nothing: evidence does. Ends with 10 when a hardened process would not start here.',
  ].join('\n'),
  options: {},
  async run({ terminal, isJson }) {
    const facts = { execArgv: process.execArgv, env: process.env, inspectorUrl: inspector.url() };
    const findings = [...lookAround(), ...inspectProcess(facts, 'restricted').map(describeHazard)];
    if (isJson) terminal.json({ findings: findings.map((finding) => ({ ...finding })) });
    const width = Math.max(...findings.map(({ id }) => id.length));
    for (const { id, state, text } of isJson ? [] : findings) {
      terminal.line(`${terminal.paint(TONES[state], state.padEnd(11))}  ${id.padEnd(width)}  ${text}`);
    }
    return findings.some(({ state }) => state === 'refused') ? EXIT.reject : EXIT.accept;
  },
};

const TONES = { seen: 'good', absent: 'weak', 'not visible': 'weak', warning: 'strong', refused: 'bad' } as const;

interface Finding {
  readonly id: string;
  readonly state: keyof typeof TONES;
  readonly text: string;
}

const INTERFACES: Readonly<Record<string, string>> = {
  'guest.configfs-tsm': '/sys/kernel/config/tsm/report',
  'guest.tdx': '/dev/tdx_guest',
  'guest.sev-snp': '/dev/sev-guest',
  'guest.dstack': '/var/run/dstack.sock',
  'gpu.nvidia': '/dev/nvidiactl',
};

function lookAround(): readonly Finding[] {
  const interfaces = Object.entries(INTERFACES).map(([id, path]): Finding => {
    return { id, state: existsSync(path) ? 'seen' : 'absent', text: path };
  });
  return [
    { id: 'node', state: 'seen', text: process.version },
    { id: 'clock', state: 'seen', text: `${new Date().toISOString()}; compare it: verdicts depend on it` },
    ...interfaces,
    {
      id: 'host',
      state: 'not visible',
      text: 'whether the host is honest; only evidence that a client verifies says so',
    },
  ];
}

function describeHazard({ id, action, subject }: ReturnType<typeof inspectProcess>[number]): Finding {
  return { id, state: action === 'refuse' ? 'refused' : 'warning', text: subject };
}
