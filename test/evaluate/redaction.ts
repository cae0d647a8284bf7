import { createRedactor, type RedactorOptions } from '@cloister/redaction';
import { loadPeers, nlpDetector } from '../../benchmarks/redaction-peers.ts';
import { printReport, type Row } from '../../benchmarks/report.ts';
import { type ChecksumScore, scoreChecksums, type Tally } from './redaction/checksums.ts';
import { loadDocuments, STRUCTURED_TYPES } from './redaction/documents.ts';
import { scoreEvasions } from './redaction/evasions.ts';
import { loadNerModel } from './redaction/ner-model.ts';
import { type Find, rates, score, type Score, sum } from './redaction/score.ts';

// How much personal data a redactor finds on labelled corpora, and how much else it takes; peers on the same documents. A peer
// is judged by what its output hides. Beside the rules alone: with a library for English grammar, and with a model for names
// when CLOISTER_NER_MODEL names its folder.

const CORPORA = [
  'presidio-synth-v2.dev.jsonl',
  'presidio-generated-small.jsonl',
  'pii-syn-nano-en.dev.jsonl',
  'wnut17-names.dev.jsonl',
  'meddocan-es.dev160.jsonl',
  'openmed-multilingual.json',
  'openmed-hard_negatives.json',
];
const RULES = 'cloister';

const percent = (name: string, part: number, whole: number): Row => ({ name, value: (100 * part) / whole, unit: '%' });
const figure = (name: string, value: number): Row => ({ name, value, unit: '' });

async function evaluate(corpus: string, name: string, find: Find): Promise<Row[]> {
  const label = `${corpus.split('.')[0]} ${name}`;
  const result = await score(loadDocuments(corpus), STRUCTURED_TYPES, find);
  return [
    ...structuredRows(label, result),
    ...(result.personal === 0 ? [] : [percent(`${label}: personal characters hidden`, result.hidden, result.personal)]),
    ...(result.marked === 0 ? [] : [percent(`${label}: documents without a leak`, result.tight, result.marked)]),
    percent(`${label}: other characters hidden`, result.wrong, result.other),
    ...[...result.labels].flatMap(([type, { characters, hidden, values, whole }]) => [
      percent(`${label}: ${type} characters hidden`, hidden, characters),
      percent(`${label}: ${type} values hidden whole`, whole, values),
    ]),
  ];
}

/** Figures of the types with a structure, where a corpus has any. */
function structuredRows(label: string, { types }: Score): Row[] {
  const total = sum(types.values());
  if (total.gold === 0)
    return total.found === 0 ? [] : [figure(`${label}: structured values found where none is`, total.found)];
  const [all, others] = [
    rates(total),
    rates(sum([...types].filter(([type]) => type !== 'PHONE').map(([, one]) => one))),
  ];
  return [
    figure(`${label}: structured micro precision`, all.precision),
    figure(`${label}: structured micro recall`, all.recall),
    figure(`${label}: structured micro F1`, all.f1),
    figure(`${label}: structured micro F1 without PHONE`, others.f1),
    ...[...types]
      .filter(([, counts]) => counts.gold > 0)
      .map(([type, counts]) => figure(`${label}: ${type} F1`, rates(counts).f1)),
  ];
}

async function checksumRows(name: string, find: Find): Promise<Row[]> {
  const families = await scoreChecksums(find);
  const row = (of: string, key: keyof ChecksumScore, chosen: readonly ChecksumScore[]): Row => {
    const [met, tried] = chosen.map((one) => one[key]).reduce<Tally>(([a, b], [c, d]) => [a + c, b + d], [0, 0]);
    return percent(`checksums ${name}: ${of}`, met, tried);
  };
  const all = [...families.values()];
  return [
    row('valid numbers hidden', 'valid', all),
    row('valid numbers of the right type', 'typed', all),
    row('corrupted numbers hidden beside their word', 'invalid', all),
    ...(name.startsWith(RULES) ? [row('corrupted numbers left or reported as unverified', 'honest', all)] : []),
    ...[...families].map(([type, one]) => row(`valid numbers of the right type, ${type}`, 'typed', [one])),
  ];
}

async function evasionRows(name: string, find: Find): Promise<Row[]> {
  const evasions = await scoreEvasions(find);
  const [hidden, tried] = [...evasions.values()].reduce<[number, number]>(([a, b], [c, d]) => [a + c, b + d], [0, 0]);
  return [
    percent(`evasions ${name}: values hidden`, hidden, tried),
    ...[...evasions].map(([transform, [part, whole]]) =>
      percent(`evasions ${name}: hidden, ${transform}`, part, whole),
    ),
  ];
}

function finder(options: RedactorOptions = {}): Find {
  const redactor = createRedactor(options);
  return async (text) => (await redactor.redact(text)).detections;
}

const model = await loadNerModel();
const [plain, peers] = [finder(), loadPeers()];
const rows: Row[] = [];
for (const [name, find] of [[RULES, plain] as const, ...peers])
  rows.push(...(await evasionRows(name, find)), ...(await checksumRows(name, find)));
const subjects: [string, Find][] = [
  [RULES, plain],
  [`${RULES} with compromise`, finder({ detectors: [nlpDetector] })],
  ...(model === undefined ? [] : [[`${RULES} with ${model.id}`, finder({ detectors: [model] })] as [string, Find]]),
  ...peers,
];
for (const corpus of CORPORA) for (const [name, find] of subjects) rows.push(...(await evaluate(corpus, name, find)));
await model?.dispose();
printReport('redaction', rows);
