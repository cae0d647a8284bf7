import { parseVerifierKey, verifyCheckpoint, verifyConsistency, verifyEd25519, verifyInclusion } from '@cloister/audit';
import { canonicalJsonText, createErrors, fromBase64, fromHex, parseJson, toHex } from '@cloister/core';

type Line = Readonly<Record<string, unknown>>;

const conformanceError = createErrors<'ERR_CONFORMANCE_MALFORMED_LINE' | 'ERR_CONFORMANCE_SIGNATURE'>({
  ERR_CONFORMANCE_MALFORMED_LINE: {
    message: 'The line is not a question of this area.',
    fix: 'Compare its members with the table of kinds.',
  },
  ERR_CONFORMANCE_SIGNATURE: {
    message: 'The signature does not verify.',
    fix: 'Compare public key, message and signature with the vector.',
  },
});

/** What each kind answers; a refusal is thrown. */
const KINDS: ReadonlyMap<string, (line: Line) => Promise<unknown>> = new Map<string, (line: Line) => Promise<unknown>>([
  ['inclusion', answerInclusion],
  ['consistency', answerConsistency],
  ['checkpoint', answerCheckpoint],
  ['jcs', answerJcs],
  ['ed25519', answerEd25519],
]);

/** Answers one question of area `audit`: `{id, ok, value?}`; refusals are thrown as errors with a code. */
export async function answer(line: unknown): Promise<object> {
  const question = line as Line;
  const kind = KINDS.get(text(question['kind']));
  if (kind === undefined) throw conformanceError('ERR_CONFORMANCE_MALFORMED_LINE');
  const value = await kind(question);
  return {
    ...(question['id'] === undefined ? {} : { id: question['id'] }),
    ok: true,
    ...(value === undefined ? {} : { value }),
  };
}

async function answerInclusion(line: Line): Promise<void> {
  verifyInclusion({
    index: number(line['leafIdx']),
    size: number(line['treeSize']),
    leafHash: hash(line['leafHash']),
    root: hash(line['root']),
    proof: proof(line['proof']),
  });
}

async function answerConsistency(line: Line): Promise<void> {
  verifyConsistency({
    size1: number(line['size1']),
    size2: number(line['size2']),
    root1: hash(line['root1']),
    root2: hash(line['root2']),
    proof: proof(line['proof']),
  });
}

async function answerCheckpoint(line: Line): Promise<object> {
  const { origin, size, root } = await verifyCheckpoint(text(line['note']), parseVerifierKey(text(line['vkey'])));
  return { origin, size, root: toHex(root) };
}

async function answerJcs(line: Line): Promise<string> {
  return canonicalJsonText(parseJson(text(line['input'])));
}

async function answerEd25519(line: Line): Promise<void> {
  const [publicKey, message, signature] = [hex(line['publicKey']), hex(line['message']), hex(line['signature'])];
  if (!(await verifyEd25519(publicKey, message, signature))) throw conformanceError('ERR_CONFORMANCE_SIGNATURE');
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw conformanceError('ERR_CONFORMANCE_MALFORMED_LINE');
  return value;
}

function number(value: unknown): number {
  if (typeof value !== 'number') throw conformanceError('ERR_CONFORMANCE_MALFORMED_LINE');
  return value;
}

function decoded(decode: (encoded: string) => Uint8Array, value: unknown): Uint8Array {
  try {
    return decode(text(value));
  } catch {
    throw conformanceError('ERR_CONFORMANCE_MALFORMED_LINE');
  }
}

function hex(value: unknown): Uint8Array {
  return decoded(fromHex, value);
}

/** Base64 as in the vectors; 64 hex digits are a hash in hex, since as base64 they would be no hash. Absent is empty. */
function hash(value: unknown): Uint8Array {
  return decoded(/^[0-9a-f]{64}$/i.test(String(value)) ? fromHex : fromBase64, value ?? '');
}

function proof(value: unknown): readonly Uint8Array[] {
  if (!Array.isArray(value ?? [])) throw conformanceError('ERR_CONFORMANCE_MALFORMED_LINE');
  return ((value ?? []) as readonly unknown[]).map(hash);
}
