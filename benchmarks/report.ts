import { execFileSync } from 'node:child_process';

/** One measured figure. `ratio` is value / baseline of the same run. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline?: number;
  readonly ratio?: number;
}

/** What every `bench` and `evaluate` program prints with `--json` (DESIGN 9). */
export interface Report {
  readonly suite: string;
  readonly commit: string;
  readonly node: string;
  readonly rows: readonly Row[];
}

/** Prints the rows as one JSON document with `--json`, else as a table. */
export function printReport(suite: string, rows: readonly Row[]): void {
  const report: Report = { suite, commit: currentCommit(), node: process.version, rows: rows.map(rounded) };
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(report)}\n`);
  else process.stdout.write(render(report));
}

/** Says on stderr how far a program is: stdout carries the report alone. */
export function tellProgress(suite: string, what: string): void {
  process.stderr.write(`${suite}: ${what}\n`);
}

function rounded(row: Row): Row {
  const three = (value: number): number => Number(value.toPrecision(4));
  return {
    ...row,
    value: three(row.value),
    ...(row.baseline === undefined ? {} : { baseline: three(row.baseline) }),
    ...(row.ratio === undefined ? {} : { ratio: three(row.ratio) }),
  };
}

function render({ suite, commit, node, rows }: Report): string {
  const width = Math.max(...rows.map((row) => row.name.length));
  const lines = rows.map((row) => {
    const baseline = row.baseline === undefined ? '' : `   plain ${row.baseline} ${row.unit}`;
    const ratio = row.ratio === undefined ? '' : `   x${row.ratio}`;
    return `${row.name.padEnd(width)}  ${String(row.value).padStart(9)} ${row.unit}${baseline}${ratio}`;
  });
  return `${suite} at ${commit} on Node ${node}\n${lines.join('\n')}\n`;
}

function currentCommit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}
