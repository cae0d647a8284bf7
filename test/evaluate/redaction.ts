import { createRedactor } from '@cloister/redaction';
import { printReport, type Row } from '../../benchmarks/report.ts';
import { type Find, loadPeers } from '../../benchmarks/redaction-peers.ts';
import { scoreChecksums } from './redaction/checksums.ts';
import { scoreEvasions } from './redaction/evasions.ts';
import { loadDocuments, STRUCTURED_TYPES } from './redaction/documents.ts';
import { rates, score, sum } from './redaction/score.ts';

// How much personal data a redactor without any model finds on labelled corpora, and how much else it takes; peers on the
// same documents. A peer is judged by what its output hides.

const CORPORA = [
  'presidio-synth-v2.dev.jsonl',
  'presidio-generated-small.jsonl',
  'pii-syn-nano-en.dev.jsonl',
  'wnut17-names.dev.jsonl',
  'meddocan-es.dev160.jsonl',
];

async function evaluate(name: string, corpus: string, find: Find): Promise<Row[]> {
  const result = await score(loadDocuments(corpus), STRUCTURED_TYPES, find);
  const label = `${corpus.split('.')[0]} ${name}`;
  const total = rates(sum(result.types.values()));
  const share = (part: number, whole: number): number => (whole === 0 ? 0 : (100 * part) / whole);
  return [
    { name: `${label}: structured micro precision`, value: total.precision, unit: '' },
    { name: `${label}: structured micro F1`, value: total.f1, unit: '' },
    ...[...result.types]
      .filter(([, counts]) => counts.gold > 0)
      .map(([type, counts]) => ({ name: `${label}: ${type} F1`, value: rates(counts).f1, unit: '' })),
    { name: `${label}: personal characters hidden`, value: share(result.hidden, result.personal), unit: '%' },
    { name: `${label}: other characters hidden`, value: share(result.wrong, result.other), unit: '%' },
  ];
}

const redactor = createRedactor();
const subjects = new Map<string, Find>([['cloister', (text) => redactor.redactSync(text).detections], ...loadPeers()]);
const rows: Row[] = [];
for (const [name, find] of subjects) {
  const evasions = await scoreEvasions(find);
  const of = (label: string, [part, whole]: readonly [number, number]): Row => ({
    name: label,
    value: (100 * part) / whole,
    unit: '%',
  });
  const total = [...evasions.values()].reduce<[number, number]>(([a, b], [c, d]) => [a + c, b + d], [0, 0]);
  rows.push(of(`evasions ${name}: values hidden`, total));
  for (const [transform, counts] of evasions) rows.push(of(`evasions ${name}: hidden, ${transform}`, counts));
  const { valid, typed, invalid } = await scoreChecksums(find);
  rows.push(of(`checksums ${name}: valid numbers hidden`, valid));
  rows.push(of(`checksums ${name}: valid numbers of the right type`, typed));
  rows.push(of(`checksums ${name}: corrupted numbers hidden beside their word`, invalid));
}
for (const corpus of CORPORA) for (const [name, find] of subjects) rows.push(...(await evaluate(name, corpus, find)));
printReport('redaction', rows);
