import type { Classification } from '@cloister/core';

/** Something about a process that lets its memory or its traffic out. */
export interface HardeningRule {
  /** A stable name, for example `flag.inspector`. */
  readonly id: string;
  /** What it looks for: a start of a command-line flag, or an environment variable. */
  readonly flag?: RegExp;
  readonly variable?: RegExp;
  /** Values that count; any but an empty one unless said. */
  readonly value?: RegExp;
  /** The lowest class of data for which it is refused; without it, it only warns. */
  readonly refusedFrom?: Classification;
}

/** What is looked for. The class is that of the data which the process handles. */
export const RULES: readonly HardeningRule[] = [
  { id: 'flag.inspector', flag: /^--inspect/, refusedFrom: 'internal' },
  { id: 'flag.report', flag: /^--report-(?:on|uncaught|signal)/, refusedFrom: 'internal' },
  { id: 'flag.heap-snapshot', flag: /^--(?:heapsnapshot-|heap-prof|cpu-prof|prof\b)/, refusedFrom: 'internal' },
  { id: 'flag.abort', flag: /^--abort-on-uncaught-exception/, refusedFrom: 'confidential' },
  { id: 'flag.tls-keylog', flag: /^--tls-keylog/, refusedFrom: 'internal' },
  { id: 'flag.insecure-parser', flag: /^--(?:insecure-http-parser|security-revert)/, refusedFrom: 'internal' },
  { id: 'flag.env-proxy', flag: /^--use-env-proxy/, refusedFrom: 'confidential' },
  { id: 'flag.preload', flag: /^(?:-r$|--require|--import|--loader|--experimental-loader)/ },
  { id: 'env.node-debug', variable: /^NODE_DEBUG(?:_NATIVE)?$/, refusedFrom: 'internal' },
  { id: 'env.tls-keylog', variable: /^SSLKEYLOGFILE$/, refusedFrom: 'internal' },
  { id: 'env.tls-unverified', variable: /^NODE_TLS_REJECT_UNAUTHORIZED$/, value: /^0$/, refusedFrom: 'internal' },
  { id: 'env.v8-coverage', variable: /^NODE_V8_COVERAGE$/, refusedFrom: 'confidential' },
  { id: 'env.use-proxy', variable: /^NODE_USE_ENV_PROXY$/, value: /^1$/, refusedFrom: 'confidential' },
  { id: 'env.proxy', variable: /^(?:https?|all)_proxy$/i, refusedFrom: 'restricted' },
  { id: 'env.preload', variable: /^LD_(?:PRELOAD|AUDIT|LIBRARY_PATH)$/, refusedFrom: 'confidential' },
  { id: 'env.extra-ca', variable: /^NODE_EXTRA_CA_CERTS$/ },
  {
    id: 'env.capture-content',
    variable: /^OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT$/,
    value: /^(?!false$|0$)./i,
    refusedFrom: 'internal',
  },
];

/** What turns off the telemetry of libraries that a chain may load. Those of tracing services send prompts. */
export const TELEMETRY_OFF: Readonly<Record<string, string>> = {
  DO_NOT_TRACK: '1',
  ORT_DISABLE_TELEMETRY: '1',
  HF_HUB_DISABLE_TELEMETRY: '1',
  LANGCHAIN_TRACING_V2: 'false',
  LANGSMITH_TRACING: 'false',
  LANGSMITH_TRACING_V2: 'false',
  OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'false',
};

/** What no JavaScript can do about a process. */
export const LIMITS: readonly string[] = [
  'Strings cannot be wiped: a prompt stays in memory until its page is used again.',
  'Memory is not locked: swap of the machine has to be off or encrypted.',
  'The size limit of core dumps cannot be set from here; the filter makes a dump empty of data instead.',
  'A process of the same user may read the memory of this one; the kernel decides (ptrace_scope).',
  'Native code, and code of this process that wants to, can undo all of it.',
];
