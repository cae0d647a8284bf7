import { createNlpDetector, type RedactionDetector } from '@cloister/redaction';
import { Redactor } from '@redactpii/node';
import nlp from 'compromise';
import { SyncRedactor } from 'redact-pii';

/** What a redactor finds in a text. */
export type Find = (text: string) => readonly { readonly type: string; readonly start: number; readonly end: number }[];

/** A kept library for English grammar, as the option that an application has. */
export const nlpDetector: RedactionDetector = createNlpDetector(nlp);

const syncRedactor = new SyncRedactor();
const nodeRedactor = new Redactor();

/** The peers as they come, by name and version: text in, masked text out. */
export const PEERS: ReadonlyMap<string, (text: string) => string> = new Map([
  ['redact-pii 3.4.0', (text: string) => syncRedactor.redact(text)],
  ['@redactpii/node 1.0.17', (text: string) => nodeRedactor.redact(text)],
]);

// The words that the peers put in the place of a value, and our type for each.
const WORDS =
  /\[?(EMAIL_ADDRESS|EMAIL|PHONE_NUMBER|PHONE|CREDIT_CARD_NUMBER|CREDIT_CARD|US_SOCIAL_SECURITY_NUMBER|SSN|IP_ADDRESS|URL|PERSON_NAME|STREET_ADDRESS|ZIPCODE|DIGITS|USERNAME|PASSWORD|CREDENTIALS)\]?/g;
const TYPES: Readonly<Record<string, string>> = {
  EMAIL_ADDRESS: 'EMAIL',
  PHONE_NUMBER: 'PHONE',
  CREDIT_CARD_NUMBER: 'CREDIT_CARD',
  US_SOCIAL_SECURITY_NUMBER: 'US_SSN',
  SSN: 'US_SSN',
};

/** The peers as detectors: what stands between the pieces that their output keeps was found. */
export function loadPeers(): [string, Find][] {
  return [...PEERS].map(([name, mask]) => [name, (text) => align(text, mask(text))]);
}

function align(text: string, masked: string): ReturnType<Find> {
  const marks = [...masked.matchAll(WORDS)];
  const found: { type: string; start: number; end: number }[] = [];
  let [read, from] = [0, 0];
  marks.forEach((mark, index) => {
    const start = from + (mark.index - read);
    read = mark.index + mark[0].length;
    const piece = masked.slice(read, marks[index + 1]?.index ?? masked.length);
    const end = piece === '' && index === marks.length - 1 ? text.length : text.indexOf(piece, start + 1);
    const word = mark[1] ?? '';
    from = end < 0 ? start : end;
    if (end > start) found.push({ type: TYPES[word] ?? word, start, end });
  });
  return found;
}
