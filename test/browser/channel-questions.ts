import { readFileSync } from 'node:fs';

type Row = Readonly<Record<string, unknown>>;

const read = (name: string): string => readFileSync(new URL(`../vectors/channel/${name}`, import.meta.url), 'utf8');
const rowsOf = (name: string): readonly Row[] =>
  (JSON.parse(read(name)) as { readonly vectors: readonly Row[] }).vectors;

function askHpke(row: Row): readonly Row[] {
  const { kem_id: kem, kdf_id: kdf, aead_id: aead, skRm: secretKey, enc, info } = row;
  const shared = { kem, kdf, aead, secretKey, enc, info };
  const opens = (row['encryptions'] as readonly Row[]).map(({ aad, ct: ciphertext, 'sequence number': sequence }) => ({
    ...shared,
    kind: 'hpke-open',
    aad,
    ciphertext,
    sequence,
  }));
  const exported = (row['exports'] as readonly Row[]).map(({ exporter_context: context, L }) => ({
    ...shared,
    kind: 'hpke-export',
    context,
    length: Number(L),
  }));
  return [...opens, ...exported];
}

function askExchange(file: string, kinds: readonly [request: string, response: string]): readonly Row[] {
  const vector = JSON.parse(read(file)) as Row;
  const { gatewaySecretKey: secretKey, keyConfig, suite, clientEphemeralPublicKey: enc, exportedSecret } = vector;
  const [request, response] = kinds;
  return [
    { kind: request, secretKey, keyConfig, encapsulated: vector['encapsulatedRequest'] },
    { kind: response, suite, enc, exportedSecret, encapsulated: vector['encapsulatedResponse'] },
  ];
}

function askFixtures(): readonly Row[] {
  const rows = read('ohttp-fixtures.jsonl')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
  const named = new Map(rows.map(({ id, hex }) => [id, hex]));
  return rows
    .filter(({ oracle }) => oracle !== undefined)
    .map(({ sk: secretKey, encapsulated, chunked, keys }) => {
      const kind = chunked === true ? 'chunked-open' : 'ohttp-open';
      return { kind, secretKey, encapsulated, keyConfig: named.get(keys) };
    });
}

/** Every question of area `channel` that the vectors hold and that has one right answer, and each once more with a bit changed. */
export function loadChannelQuestions(): readonly Row[] {
  const questions = [
    ...rowsOf('hpke-rfc9180-x25519.json').flatMap(askHpke),
    ...askExchange('ohttp-rfc9458-a.json', ['ohttp-open', 'response-open']),
    ...askExchange('chunked-ohttp-draft08.json', ['chunked-open', 'chunked-response-open']),
    ...askFixtures(),
    ...rowsOf('xwing-kem.json').map(({ seed, ct: ciphertext }) => ({ kind: 'xwing-decapsulate', seed, ciphertext })),
  ];
  return [...questions, ...questions.map(changeLastBit)];
}

function changeLastBit(question: Row): Row {
  const name = ['ciphertext', 'encapsulated', 'context'].find((member) => typeof question[member] === 'string');
  const text = name === undefined ? '' : String(question[name]);
  if (name === undefined || text === '') return question;
  const last = Number.parseInt(text.slice(-1), 16) ^ 1;
  return { ...question, [name]: text.slice(0, -1) + last.toString(16) };
}
