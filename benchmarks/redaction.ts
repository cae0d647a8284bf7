import { createRedactor, createVault, DETECTION_TYPES } from '@cloister/redaction';
import { readFileSync } from 'node:fs';
import { adversarialTexts } from '../test/redaction/adversarial-texts.ts';
import { PEERS } from './redaction-peers.ts';
import { printReport, type Row } from './report.ts';

// Throughput of masking values with a structure: short documents one by one, and one text of 1 MiB; peers in the same
// run, with what they detect by default. With CLOISTER_EVAL_DATA the documents of its corpora as well. Then the texts of 1 MiB that
// are meant to cost most, with every detector on; CLOISTER_TRIES sets how many mixtures are tried.

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

const CORPORA = [
  'presidio-synth-v2.dev',
  'presidio-generated-small',
  'pii-syn-nano-en.dev',
  'wnut17-names.dev',
  'meddocan-es.dev160',
];
const FREE_TEXT: ReadonlySet<string> = new Set(['PERSON', 'ADDRESS', 'LOCATION', 'ORGANIZATION']);
const structured = createRedactor({ types: DETECTION_TYPES.filter((type) => !FREE_TEXT.has(type)) });
const everything = createRedactor();
const vault = createVault();
const maskShort = (text: string): unknown => structured.redactSync(text, { vault });

const against = (name: string, value: number, baseline: number): Row => ({
  name,
  value,
  unit: 'MB/s',
  baseline,
  ratio: value / baseline,
});

function measureShort(): Row[] {
  const measured = rates(
    new Map<string, readonly [(text: string) => unknown, readonly string[]]>([
      ['short', [maskShort, DOCUMENTS]],
      ['fresh', [(text: string) => structured.redactSync(text).vault.close(), DOCUMENTS]],
      ['long', [maskShort, [LONG]]],
      ['all', [(text: string) => everything.redactSync(text, { vault }), DOCUMENTS]],
      ...[...PEERS].map(([name, mask]) => [name, [mask, DOCUMENTS]] as const),
    ]),
  );
  const rate = (name: string): number => measured.get(name) ?? 0;
  return [
    { name: 'short documents, every structured type', value: rate('short'), unit: 'MB/s' },
    { name: 'short documents, a vault for each', value: rate('fresh'), unit: 'MB/s' },
    against('one text of 1 MiB, against short documents', rate('long'), rate('short')),
    { name: 'short documents, names, places and addresses too', value: rate('all'), unit: 'MB/s' },
    ...[...PEERS.keys()].map((name) => against(`short documents, against ${name}`, rate('short'), rate(name))),
  ];
}

function measureCorpus(folder: string, corpus: string): Row[] {
  const documents = readFileSync(`${folder}/redaction/${corpus}.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { readonly full_text: string }).full_text);
  const measured = rates(
    new Map<string, readonly [(text: string) => unknown, readonly string[]]>([
      ['ours', [maskShort, documents]],
      ...[...PEERS].map(([name, mask]) => [name, [mask, documents]] as const),
    ]),
  );
  const ours = measured.get('ours') ?? 0;
  return [...PEERS.keys()].map((name) => against(`${corpus}, against ${name}`, ours, measured.get(name) ?? 0));
}

/** CPU milliseconds of the slowest texts, the better of two tries each: the clock of a busy machine counts others' work. */
function measureAdversarial(mixtures: number): Row[] {
  const rows: Row[] = [];
  for (const [name, text] of adversarialTexts(MEGABYTE, mixtures)) {
    let least = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < 2; attempt++) {
      const start = process.cpuUsage();
      try {
        everything.redactSync(text).vault.close();
      } catch {
        // More values than a vault holds: refused, and that took its time as well.
      }
      const { user, system } = process.cpuUsage(start);
      least = Math.min(least, (user + system) / 1e3);
    }
    rows.push({ name: `1 MiB of ${name}`, value: least, unit: 'ms' });
  }
  return rows.toSorted((left, right) => right.value - left.value).slice(0, 10);
}

const folder = process.env['CLOISTER_EVAL_DATA'];
printReport('redaction', [
  ...measureShort(),
  ...(folder === undefined ? [] : CORPORA.flatMap((corpus) => measureCorpus(folder, corpus))),
  ...measureAdversarial(Number(process.env['CLOISTER_TRIES'] ?? 20)),
]);
