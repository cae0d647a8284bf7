import { parseJson } from '@cloister/core';
import type { Redactor } from '../create-redactor.ts';
import { createVault } from '../vault/create-vault.ts';
import { JSON_LITERAL } from './json-literals.ts';
import type { Masked } from '../masked.ts';
import type { RedactOptions, Redaction } from '../redaction.ts';

/** A JSON text with its personal data replaced. */
export type JsonRedaction = Omit<Redaction, 'detections'>;

/**
 * Masks a JSON text: each string and each number by itself, with the name of its member as context, and the names. What stays
 * keeps its spelling and its place; a number in which something is found becomes a string.
 * @throws what `parseJson` of core throws when it is no JSON, and what `Redactor.redact` throws
 */
export async function redactJson(
  redactor: Redactor,
  json: string,
  options: RedactOptions = {},
): Promise<JsonRedaction> {
  parseJson(json);
  const redacting = { ...options, vault: options.vault ?? createVault() };
  const counts: Record<string, number> = {};
  const unverified: Record<string, number> = {};
  let detectors: readonly string[] = [];
  let [output, from, escaped, context] = ['', 0, 0, ''];
  for (const match of json.matchAll(JSON_LITERAL)) {
    const [whole, colon = ''] = match;
    const literal = whole.slice(0, whole.length - colon.length);
    const isString = literal.startsWith('"');
    const value = isString ? (JSON.parse(literal) as string) : literal;
    const isName = whole !== literal;
    const masked = await redactValue(redactor, isName ? '' : context, value, redacting);
    if (isName) context = `${value.replace(/[_-]+/g, ' ')}: `;
    add(counts, masked.counts);
    add(unverified, masked.unverified);
    ({ detectors } = masked);
    escaped += masked.escaped;
    output += json.slice(from, match.index) + (masked.text === value ? literal : JSON.stringify(masked.text)) + colon;
    from = match.index + whole.length;
  }
  return {
    text: (output + json.slice(from)) as Masked,
    vault: redacting.vault,
    counts,
    unverified,
    detectors,
    escaped,
  };
}

/** `phone: 555 0142` says more than `555 0142`; where something is found in the name itself, the value stands alone. */
async function redactValue(
  redactor: Redactor,
  context: string,
  value: string,
  options: RedactOptions,
): Promise<Pick<Redaction, 'text' | 'counts' | 'unverified' | 'detectors' | 'escaped'>> {
  const masked = await redactor.redact(context + value, options);
  if (masked.text.startsWith(context)) return { ...masked, text: masked.text.slice(context.length) as Masked };
  return redactor.redact(value, options);
}

function add(total: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [type, count] of Object.entries(counts)) total[type] = (total[type] ?? 0) + count;
}
