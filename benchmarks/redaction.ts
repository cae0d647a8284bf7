import { createRedactor, createVault } from '@cloister/redaction';
import { PEERS } from './redaction-peers.ts';
import { printReport, type Row } from './report.ts';

// Throughput of masking values with a structure: short documents one by one, and one text of 1 MiB; peers in the same
// run, with what they detect by default.

const ROUNDS = 5;
const MEGABYTE = 2 ** 20;
const PARTS = [
  'I would like to change the delivery of my last order, it did not arrive this week.',
  'My card 4111 1111 1111 1111 was declined twice today, can you tell me why?',
  'Please write to jo.doe@mail.example.org or call (617) 555-0142 after lunch.',
  'The restaurant was quiet and the staff were kind, so we will certainly come back.',
  'Her social security number is 140-79-7943 and she was born on 12 March 1958.',
  'How do I check the balance of my account when I am travelling to another country?',
  'See https://a.example/help?topic=7 or the notes from 192.0.2.17 for the details.',
  'Send it to 12 Elm Street, Boston, MA 02118 before the end of the month, thanks.',
];
const DOCUMENTS = Array.from({ length: 2000 }, (_, index) => `${PARTS[index % PARTS.length]} (${index})`);
const LONG = DOCUMENTS.join('\n').repeat(10).slice(0, MEGABYTE);

/** Megabytes a second, the best of some rounds: other work on the machine only slows. */
function rate(mask: (text: string) => unknown, texts: readonly string[]): number {
  const size = texts.reduce((total, text) => total + text.length, 0);
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    for (const text of texts) mask(text);
    best = Math.min(best, performance.now() - start);
  }
  return size / 1e3 / best;
}

const STRUCTURED = ['EMAIL', 'PHONE', 'CREDIT_CARD', 'US_SSN', 'IBAN', 'IP_ADDRESS', 'URL', 'DATE', 'MRN'] as const;
const redactor = createRedactor({ types: STRUCTURED });
const vault = createVault();
const ours = (text: string): unknown => redactor.redactSync(text, { vault });
const short = rate(ours, DOCUMENTS);
const long = rate(ours, [LONG]);
const rows: Row[] = [
  { name: 'short documents', value: short, unit: 'MB/s' },
  {
    name: 'one text of 1 MiB, against short documents',
    value: long,
    unit: 'MB/s',
    baseline: short,
    ratio: long / short,
  },
];
for (const [name, mask] of PEERS) {
  const baseline = rate(mask, DOCUMENTS);
  rows.push({
    name: `short documents, against ${name}`,
    value: short,
    unit: 'MB/s',
    baseline,
    ratio: short / baseline,
  });
}
printReport('redaction', rows);
