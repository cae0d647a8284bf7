import type { Finding, FoldedDetector } from '../detector.ts';

const LOCAL = /[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]/u;
const HOST = /[\p{L}\p{N}\p{M}.-]/u;
const DOMAIN =
  /^(?:[\p{L}\p{N}\p{M}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?\.){1,12}(?:\p{L}[\p{L}\p{M}]{1,23}|xn--[a-z0-9-]{2,58})$/iu;
// Banks and apps behind the `@` of an address of India's payment system (UPI), which has no domain.
const PAYMENT =
  /^(?:ok(?:sbi|axis|hdfcbank|icici)|ybl|ibl|axl|apl|paytm|upi|sbi|icici|hdfcbank|axisbank|kotak|yesbank|indus|federal|airtel)$/i;
const LONGEST_LOCAL = 320;
const LONGEST_HOST = 255;

/**
 * E-mail addresses (RFC 5321 section 4.1.2 in the forms people write, RFC 6531 letters, quoted local parts) and addresses of UPI. Works outwards
 * from every `@` over a bounded stretch, so its time is linear.
 */
export const emailDetector: FoldedDetector = {
  id: 'email',
  view: 'folded',
  detect(text) {
    const findings: Finding[] = [];
    for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
      const start = text[at - 1] === '"' ? quotedStart(text, at) : localStart(text, at);
      const end = hostEnd(text, at + 1);
      if (start < at && end > at) findings.push({ type: 'EMAIL', start, end, score: 1, verified: false });
    }
    return findings;
  },
};

function localStart(text: string, at: number): number {
  let start = at;
  while (start > 0 && at - start < LONGEST_LOCAL && LOCAL.test(text[start - 1] ?? '')) start--;
  // Punctuation before the address belongs to the sentence.
  while (start < at && /[.'`|{}/=?*^~!#&-]/.test(text[start] ?? '')) start++;
  return start;
}

function quotedStart(text: string, at: number): number {
  const from = Math.max(0, at - 66);
  const open = text.slice(from, at - 1).lastIndexOf('"');
  return open < 0 || /[\n@]/.test(text.slice(from + open, at)) ? at : from + open;
}

function hostEnd(text: string, from: number): number {
  const end = lineOfHost(text, from);
  const host = text.slice(from, end);
  if (DOMAIN.test(host) || PAYMENT.test(host)) return end;
  // A line break may cut the domain, where what stands before it is none.
  const broken = /^\r?\n/.exec(text.slice(end, end + 2));
  if (broken === null || end === from) return -1;
  const next = end + broken[0].length;
  const last = lineOfHost(text, next);
  return DOMAIN.test(host + text.slice(next, last)) ? last : -1;
}

/** Where the letters of a host end on this line; punctuation behind them belongs to the sentence. */
function lineOfHost(text: string, from: number): number {
  let end = from;
  while (end < text.length && end - from < LONGEST_HOST && HOST.test(text[end] ?? '')) end++;
  if (text[end] === '\n' || text[end] === '\r')
    return end - (text[end - 1] === '.' && DOMAIN.test(text.slice(from, end - 1)) ? 1 : 0);
  while (end > from && /[.-]/.test(text[end - 1] ?? '')) end--;
  return end;
}
