import { createRedactor, createVault, DETECTION_TYPES } from '@cloister/redaction';
import { PEERS } from './redaction-peers.ts';
import { printReport, type Row } from './report.ts';

// Throughput of masking values with a structure: short documents one by one, and one text of 1 MiB; peers in the same
// run, with what they detect by default.

const ROUNDS = 12;
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

/** Megabytes a second of each, the best of some rounds in turn: other work on the machine only slows, and slows all alike. */
function rates(
  tasks: ReadonlyMap<string, readonly [mask: (text: string) => unknown, texts: readonly string[]]>,
): Map<string, number> {
  const best = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, [mask, texts]] of tasks) {
      const size = texts.reduce((total, text) => total + text.length, 0);
      const start = performance.now();
      for (const text of texts) mask(text);
      best.set(name, Math.max(best.get(name) ?? 0, size / 1e3 / (performance.now() - start)));
    }
  }
  return best;
}

const FREE_TEXT: ReadonlySet<string> = new Set(['PERSON', 'ADDRESS', 'LOCATION', 'ORGANIZATION']);
const structured = createRedactor({ types: DETECTION_TYPES.filter((type) => !FREE_TEXT.has(type)) });
const everything = createRedactor();
const vault = createVault();
const measured = rates(
  new Map<string, readonly [(text: string) => unknown, readonly string[]]>([
    ['short', [(text: string) => structured.redactSync(text, { vault }), DOCUMENTS]],
    ['long', [(text: string) => structured.redactSync(text, { vault }), [LONG]]],
    ['all', [(text: string) => everything.redactSync(text, { vault }), DOCUMENTS]],
    ...[...PEERS].map(([name, mask]) => [name, [mask, DOCUMENTS]] as const),
  ]),
);
const rate = (name: string): number => measured.get(name) ?? 0;
const against = (name: string, value: number, baseline: number): Row => ({
  name,
  value,
  unit: 'MB/s',
  baseline,
  ratio: value / baseline,
});
printReport('redaction', [
  { name: 'short documents, every structured type', value: rate('short'), unit: 'MB/s' },
  against('one text of 1 MiB, against short documents', rate('long'), rate('short')),
  { name: 'short documents, names, places and addresses too', value: rate('all'), unit: 'MB/s' },
  ...[...PEERS.keys()].map((name) => against(`short documents, against ${name}`, rate('short'), rate(name))),
]);
