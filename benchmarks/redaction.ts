import { createRedactor, createVault, DETECTION_TYPES } from '@cloister/redaction';
import { readFileSync } from 'node:fs';
import { adversarialTexts } from '../test/redaction/adversarial-texts.ts';
import { PEERS } from './redaction-peers.ts';
import { printReport, type Row } from './report.ts';
import { median } from './median.ts';

// Throughput of masking values with a structure: short documents one by one, and one text of 1 MiB; peers in the same
// run, with what they detect by default. The engine compiles what runs often, which takes some seconds here: the figures are those
// of the later rounds, and rows with "first rounds" tell what a process that has just begun is like. With CLOISTER_EVAL_DATA the documents of its corpora as well. Then the texts of 1 MiB that
// are meant to cost most, with every detector on; CLOISTER_TRIES sets how many mixtures are tried. Arguments choose a part: short, corpora,
// adversarial. Everything is CPU time, since the clock of a busy machine counts the work of others.

const ROUNDS = 40;
const FIRST_ROUNDS = 20;
const LEAST_PER_ROUND = 200_000;
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

type Task = readonly [mask: (text: string) => unknown, texts: readonly string[]];

/** Megabytes for each second of CPU time of each task, round by round: all tasks take turns, so that what slows one slows all. */
function rates(tasks: ReadonlyMap<string, Task>): Map<string, readonly number[]> {
  const measured = new Map([...tasks.keys()].map((name): [string, number[]] => [name, []]));
  for (let round = 0; round < ROUNDS; round++) for (const [name, task] of tasks) measured.get(name)?.push(rateOf(task));
  return measured;
}

function rateOf([mask, texts]: Task): number {
  const size = texts.reduce((total, text) => total + text.length, 0);
  const times = Math.max(1, Math.ceil(LEAST_PER_ROUND / size));
  const start = process.cpuUsage();
  for (let time = 0; time < times; time++) for (const text of texts) mask(text);
  const { user, system } = process.cpuUsage(start);
  return (size * times) / (user + system);
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

const later = (values: readonly number[] = []): readonly number[] => values.slice(FIRST_ROUNDS);

/** A median beside another, and the median of what they are to each other in each round. */
const against = (name: string, values: readonly number[] = [], baseline: readonly number[] = []): Row => ({
  name,
  value: median(values),
  unit: 'MB/s',
  baseline: median(baseline),
  ratio: median(values.map((value, round) => value / (baseline[round] ?? Number.NaN))),
});

/** The same for the later rounds, and for the first ones. */
const againstPeer = (
  name: string,
  peer: string,
  values: readonly number[] = [],
  baseline: readonly number[] = [],
): Row[] => [
  against(`${name}, against ${peer}`, later(values), later(baseline)),
  against(`${name}, first rounds, against ${peer}`, values.slice(0, FIRST_ROUNDS), baseline.slice(0, FIRST_ROUNDS)),
];

function measureShort(): Row[] {
  const measured = rates(
    new Map<string, Task>([
      ['short', [maskShort, DOCUMENTS]],
      ['fresh', [(text: string) => structured.redactSync(text).vault.close(), DOCUMENTS]],
      ['long', [maskShort, [LONG]]],
      ['all', [(text: string) => everything.redactSync(text, { vault }), DOCUMENTS]],
      ...[...PEERS].map(([name, mask]) => [name, [mask, DOCUMENTS]] as const),
    ]),
  );
  const row = (name: string, task: string): Row => ({ name, value: median(later(measured.get(task))), unit: 'MB/s' });
  return [
    row('short documents, every structured type', 'short'),
    row('short documents, a vault for each', 'fresh'),
    against('one text of 1 MiB, against short documents', later(measured.get('long')), later(measured.get('short'))),
    row('short documents, names, places and addresses too', 'all'),
    ...[...PEERS.keys()].flatMap((name) =>
      againstPeer('short documents', name, measured.get('short'), measured.get(name)),
    ),
  ];
}

function measureCorpus(folder: string, corpus: string): Row[] {
  const documents = readFileSync(`${folder}/redaction/${corpus}.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { readonly full_text: string }).full_text);
  const measured = rates(
    new Map<string, Task>([
      ['ours', [maskShort, documents]],
      ...[...PEERS].map(([name, mask]) => [name, [mask, documents]] as const),
    ]),
  );
  return [...PEERS.keys()].flatMap((name) => againstPeer(corpus, name, measured.get('ours'), measured.get(name)));
}

/** CPU milliseconds of the slowest texts, the better of two tries each. */
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
const PARTS_OF_SUITE = ['short', 'corpora', 'adversarial'] as const;
const chosen = PARTS_OF_SUITE.filter((part) => process.argv.includes(part));
const runs = (part: (typeof PARTS_OF_SUITE)[number]): boolean => chosen.length === 0 || chosen.includes(part);

printReport('redaction', [
  ...(runs('short') ? measureShort() : []),
  ...(folder === undefined || !runs('corpora') ? [] : CORPORA.flatMap((corpus) => measureCorpus(folder, corpus))),
  ...(runs('adversarial') ? measureAdversarial(Number(process.env['CLOISTER_TRIES'] ?? 20)) : []),
]);
