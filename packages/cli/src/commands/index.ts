import type { CommandEntry } from '../command.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'verify quote',
    summary: 'judge TEE evidence offline: the verdict, then every check on a line of its own',
    operands: ['FILE'],
    load: async () => (await import('./verify-quote.ts')).verifyQuote,
  },
  {
    name: 'verify receipt',
    summary: 'judge the receipt of an answer offline: evidence, key, signature, deployment and content',
    operands: ['FILE'],
    load: async () => (await import('./verify-receipt.ts')).verifyReceipt,
  },
  {
    name: 'attest',
    summary: 'fetch the evidence of a running gateway and judge it against a policy',
    operands: ['URL'],
    load: async () => (await import('./attest.ts')).attestCommand,
  },
  {
    name: 'gateway',
    summary: 'run the gateway inside the guest, in front of its engine',
    operands: [],
    load: async () => (await import('./gateway.ts')).gatewayCommand,
  },
  {
    name: 'redact',
    summary: 'replace personal data in a text, or in JSON lines, by tokens',
    operands: [],
    load: async () => (await import('./redact.ts')).redactCommand,
  },
  {
    name: 'restore',
    summary: 'put the values of a sealed vault back into a text, or into JSON lines',
    operands: [],
    load: async () => (await import('./restore.ts')).restoreCommand,
  },
  {
    name: 'doctor',
    summary: 'look at this machine and this environment: what is there, what would be refused',
    operands: [],
    load: async () => (await import('./doctor.ts')).doctor,
  },
  {
    name: 'audit verify',
    summary: 'judge an audit log offline: signature, every event, the tree, tiles and segments',
    operands: ['DIRECTORY'],
    load: async () => (await import('./audit-verify.ts')).auditVerify,
  },
  {
    name: 'audit prove',
    summary: 'print the proof that an event is in a log: a .tlog-proof file, or with --json also the event',
    operands: ['DIRECTORY', 'INDEX'],
    load: async () => (await import('./audit-prove.ts')).auditProve,
  },
  {
    name: 'audit check',
    summary: 'judge a .tlog-proof file: the event is in the log that the key signed',
    operands: ['FILE'],
    load: async () => (await import('./audit-check.ts')).auditCheck,
  },
  {
    name: 'audit tail',
    summary: 'print the last events of a log, and with --follow those that come',
    operands: ['DIRECTORY'],
    load: async () => (await import('./audit-tail.ts')).auditTail,
  },
  {
    name: 'audit export',
    summary: 'print the events of a log as JSON lines, OCSF 1.9 (record_integrity) or OTLP logs',
    operands: ['DIRECTORY'],
    load: async () => (await import('./audit-export.ts')).auditExport,
  },
];
