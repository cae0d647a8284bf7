import type { Finding } from './detector.ts';

/**
 * The union of overlapping findings, in order of position: crossing spans leave no character between them in clear. The
 * type of a union is that of an address that holds the other finding, else of its most trusted member: verified first,
 * then the higher score, then the longer span.
 */
export function mergeFindings(findings: readonly Finding[]): Finding[] {
  if (findings.length < 2) return [...findings];
  const sorted = findings.toSorted((left, right) => left.start - right.start || right.end - left.end);
  const merged: Finding[] = [];
  for (const finding of sorted) {
    const last = merged.at(-1);
    if (last === undefined || finding.start >= last.end) merged.push(finding);
    else merged[merged.length - 1] = unite(last, finding);
  }
  return merged;
}

function unite(left: Finding, right: Finding): Finding {
  const winner = isStronger(right, left) ? right : left;
  const start = Math.min(left.start, right.start);
  const end = Math.max(left.end, right.end);
  if (winner.start === start && winner.end === end) return winner;
  // The winner's canonical value does not describe the larger span.
  return { type: winner.type, start, end, score: winner.score, verified: winner.verified };
}

/** A date or a name inside a URL or an e-mail address is a part of that address. */
function isAddressOf(outer: Finding, inner: Finding): boolean {
  const address = outer.type === 'URL' || outer.type === 'EMAIL';
  return address && outer.start <= inner.start && outer.end >= inner.end;
}

function isStronger(left: Finding, right: Finding): boolean {
  if (isAddressOf(left, right) !== isAddressOf(right, left)) return isAddressOf(left, right);
  if (left.verified !== right.verified) return left.verified;
  if (left.score !== right.score) return left.score > right.score;
  return left.end - left.start > right.end - right.start;
}
