import type { Interval } from './interval.ts';
import { PAIRS } from './measure-leakage.ts';

/** One row: what each attack came to. */
export interface LeakageRow {
  readonly name: string;
  readonly figures: Readonly<Record<string, Interval>>;
}

/** What was attacked. */
export interface LeakageTable {
  readonly modes: readonly LeakageRow[];
  readonly controls: readonly LeakageRow[];
  readonly records: number;
  readonly questions: number;
  readonly seeds: readonly string[];
  /** With how many of the seeds the controls ran. */
  readonly controlSeeds: number;
  readonly embedder: string;
}

const COLUMNS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(PAIRS.map((pairs) => [`${pairs} pairs`, `${pairs} pairs`])),
  cosine: 'cosine recovered',
  permutation: 'permutation',
  signature: 'signature',
  neighbours: 'neighbours',
  ranks: 'ranks',
  tenants: 'across tenants',
  size: 'size',
  questions: 'questions told',
};

/** The document `docs/leakage.md`. */
export function renderLeakage({
  modes,
  controls,
  records,
  questions,
  seeds,
  controlSeeds,
  embedder,
}: LeakageTable): string {
  const chance = (1 / records).toFixed(4);
  return `# What each search mode gives away

Written by \`npx -y pnpm@12 evaluate leakage\`; do not edit. ${records} texts (the beginnings of the documents of the test collection Cranfield), one
record each, embedded by \`${embedder}\`. Every attack links 150 records among all texts and ran ${seeds.length} times, each time against
tenants with keys of their own and with other known pairs (seeds ${seeds.map((seed) => `\`${seed}\``).join(', ')}). Figures are means with their 95 % intervals (Student's t). The attacker reads
the store and has **the vectors of all texts that are stored**, which is more than most have. Chance is ${chance}.

${table(modes)}

The same attacks on what is no mode, with ${controlSeeds} of the seeds, to show that they work and what they come to when there is nothing to find:

${table(controls)}

## The columns

- **pairs**: somebody knows of so many records which text is behind them, and links the others to their texts. The best of orthogonal
  Procrustes in centred and in whitened space (128 directions) and ridge regression in both directions, chosen on a fifth of the pairs.
- **cosine recovered**: how near ridge regression with ${PAIRS.at(-1)} pairs comes to the vectors of the other records, in centred space. A vector that is
  known well enough can be turned back into text by other means; 0 means that nothing of it is known.
- **permutation**: no pair. Components are matched by how their values are spread (19 quantiles, signs free, the Hungarian method); half of
  the texts are public, the records of the other half are linked.
- **signature**: no pair. A record is known by its distances to all others.
- **neighbours**: share of a record's ten nearest ones that are its text's ten nearest ones, without knowing any text.
- **ranks**: Spearman's correlation of the distances of 100,000 random pairs with the true ones.
- **across tenants**: the same texts stored by two tenants, linked to one another: by nearness or by signature, whichever finds more.
- **size**: no pair, no vector: texts are told by the length of the sealed text. Records are not padded, in any mode.
- **questions told**: share of ${questions} questions whose requests are unlike those of all others, so that whoever sees the requests recognises the
  question when it comes again. In every mode the texts of what was found are fetched by their blinded ids; that is an access pattern, and none hides it.

## How to read it

\`sealed\` gives away numbers, sizes, and when and together with what a record is read; no attack on its vectors finds more than chance.
\`cells\` also tells which records lie in one bucket of alike ones, and with known pairs what such a bucket is about. \`prefix\` keeps
distances, about: **it is obfuscation, not encryption**, and falls to known pairs. \`plain\` hides nothing. The cosine recovered is
also what a translation between spaces of embedders starts from. Nothing here measures traffic over time.
`;
}

function table(rows: readonly LeakageRow[]): string {
  const known = Object.keys(COLUMNS).filter((column) => rows.some(({ figures }) => figures[column] !== undefined));
  const cells = rows.map(({ name, figures }) => [name, ...known.map((column) => write(figures[column]))]);
  const lines = [['', ...known.map((column) => COLUMNS[column] ?? '')], ['---', ...known.map(() => '---')], ...cells];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

function write(interval: Interval | undefined): string {
  if (interval === undefined) return '';
  const { mean, low, high } = interval;
  const round = (value: number): string => value.toFixed(3).replace('-0.000', '0.000');
  return high - low < 0.0005 ? round(mean) : `${round(mean)} [${round(low)}, ${round(high)}]`;
}
