import { type Classification, CLASSIFICATIONS } from '@cloister/core';
import { RULES, type HardeningRule } from './rules.ts';

/** One thing that was found. */
export interface HardeningFinding {
  readonly id: string;
  /** `refuse` stops a process that handles data of the class; `warn` is for its owner to judge. */
  readonly action: 'refuse' | 'warn';
  /** The flag or variable, without its value. */
  readonly subject: string;
}

/** What a process was started with. */
export interface ProcessFacts {
  readonly execArgv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The address of an open inspector. */
  readonly inspectorUrl?: string | undefined;
}

/**
 * Looks at how a process was started: flags, `NODE_OPTIONS`, environment, an open inspector. Pure.
 * @param classification the highest class of data that the process handles
 */
export function inspectProcess(facts: ProcessFacts, classification: Classification): readonly HardeningFinding[] {
  const flags = [...facts.execArgv, ...(facts.env['NODE_OPTIONS'] ?? '').split(/\s+/)].map((flag) =>
    flag.replace(/^["']|["']$/g, ''),
  );
  const opened =
    facts.inspectorUrl === undefined ? [] : [{ id: 'inspector.open', action: 'refuse', subject: 'inspector' } as const];
  return [
    ...opened,
    ...RULES.flatMap((rule) =>
      subjectsOf(rule, flags, facts.env).map((subject) => ({
        id: rule.id,
        action: actionOf(rule, classification),
        subject,
      })),
    ),
  ];
}

function subjectsOf(rule: HardeningRule, flags: readonly string[], env: ProcessFacts['env']): readonly string[] {
  const named = flags.filter((flag) => rule.flag?.test(flag)).map((flag) => flag.replace(/=.*$/s, ''));
  const set = Object.entries(env).filter(
    ([name, value = '']) => rule.variable?.test(name) === true && value !== '' && (rule.value?.test(value) ?? true),
  );
  return [...new Set([...named, ...set.map(([name]) => name)])];
}

function actionOf({ refusedFrom }: HardeningRule, classification: Classification): HardeningFinding['action'] {
  if (refusedFrom === undefined) return 'warn';
  return CLASSIFICATIONS.indexOf(classification) >= CLASSIFICATIONS.indexOf(refusedFrom) ? 'refuse' : 'warn';
}
