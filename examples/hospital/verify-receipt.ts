import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { verifyReceipt, parseReceipt } from '@cloister/audit';
import { fromBase64url } from '@cloister/core';
import { appraise, parseEvidenceBundle, parseEvidencePolicy } from '@cloister/evidence';

// The auditor's side, a process of its own: it has files only, and repeats the verdict from them bit for bit.

const directory = process.argv[2];
if (directory === undefined) throw new Error('usage: verify-receipt.ts DIRECTORY');
const read = (name: string): Promise<string> => readFile(join(directory, name), 'utf8');

const text = await read('receipt.txt');
const { receipt } = parseReceipt(text);
const roots = (JSON.parse(await read('roots.json')) as string[]).map(fromBase64url);
const identity = await appraise(
  parseEvidenceBundle(await read('evidence.json')),
  parseEvidencePolicy(JSON.parse(await read('policy.json'))),
  { now: receipt.endedAt, nonce: fromBase64url(await read('nonce.txt')), roots: { intel: roots, simulated: true } },
);
const opening = JSON.parse(await read('opening.json')) as Record<
  'k' | 'enc' | 'requestDigest' | 'responseDigest',
  string
>;
const verified = await verifyReceipt(text, {
  receiptKey: identity.keyset.receiptKey,
  k: fromBase64url(opening.k),
  enc: fromBase64url(opening.enc),
  requestDigest: fromBase64url(opening.requestDigest),
  responseDigest: fromBase64url(opening.responseDigest),
});

const { usage, scope } = verified.receipt;
process.stdout
  .write(`evidence     ${identity.simulated ? 'SIMULATED, ' : ''}${identity.tcbStatus}, ${identity.checks.length} checks repeated
signature    by the receipt key that the evidence attests
request      committed and opened
answer       committed and opened
deployment   ${identity.deployment.slice(0, 32)}…
usage        ${usage?.input ?? '?'} tokens in, ${usage?.output ?? '?'} out, cache scope ${scope ?? '?'}
`);
