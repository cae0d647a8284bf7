import { readFileSync } from 'node:fs';

/** A stretch of a text: UTF-16 offsets, the end not included. */
export interface Span {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** What a redactor found. */
export interface FoundSpan extends Span {
  /** Absent for peers, which say nothing about it. */
  readonly verified?: boolean;
}

/** A text whose personal data is marked. */
export interface LabelledDocument {
  readonly text: string;
  readonly gold: readonly Span[];
}

interface Row {
  readonly full_text: string;
  readonly spans: readonly {
    readonly entity_type: string;
    readonly start_position: number;
    readonly end_position: number;
  }[];
}

interface Fixture {
  readonly text: string;
  readonly gold_spans: readonly { readonly label: string; readonly start: number; readonly end: number }[];
}

/** What the corpora call the types whose shape tells them apart. */
const STRUCTURED: Readonly<Record<string, string>> = {
  EMAIL_ADDRESS: 'EMAIL',
  EMAIL: 'EMAIL',
  CORREO_ELECTRONICO: 'EMAIL',
  PHONE_NUMBER: 'PHONE',
  PHONE: 'PHONE',
  NUMERO_TELEFONO: 'PHONE',
  NUMERO_FAX: 'PHONE',
  CREDIT_CARD: 'CREDIT_CARD',
  US_SSN: 'US_SSN',
  SSN: 'US_SSN',
  IBAN_CODE: 'IBAN',
  IBAN: 'IBAN',
  IP_ADDRESS: 'IP_ADDRESS',
  DOMAIN_NAME: 'URL',
  URL: 'URL',
};

/** The structured types, in the order of the report. */
export const STRUCTURED_TYPES: readonly string[] = [...new Set(Object.values(STRUCTURED))];

/** The folder of the corpora, from the environment. */
export function corpusFolder(): string {
  const folder = process.env['CLOISTER_EVAL_DATA'];
  if (folder === undefined) throw new Error('evaluate redaction needs CLOISTER_EVAL_DATA: the folder with the corpora');
  return `${folder}/redaction`;
}

/** The documents of one corpus, in JSON lines or as fixtures; labels of structured types get our names, others keep theirs. */
export function loadDocuments(name: string): LabelledDocument[] {
  const content = readFileSync(`${corpusFolder()}/${name}`, 'utf8');
  if (!name.endsWith('.jsonl'))
    return (JSON.parse(content) as { fixtures: readonly Fixture[] }).fixtures.map(fromFixture);
  return content
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const row = JSON.parse(line) as Row;
      const gold = row.spans.map(({ entity_type: label, start_position: start, end_position: end }) => ({
        type: STRUCTURED[label] ?? label,
        start,
        end,
      }));
      return { text: row.full_text, gold };
    });
}

/** Fixtures count in code points. */
function fromFixture({ text, gold_spans: spans }: Fixture): LabelledDocument {
  const points = Array.from(text);
  const offset = (count: number): number => points.slice(0, count).join('').length;
  const gold = spans.map(({ label, start, end }) => ({
    type: STRUCTURED[label] ?? label,
    start: offset(start),
    end: offset(end),
  }));
  return { text, gold };
}
