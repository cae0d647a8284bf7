import { sha256, toHex, utf8 } from '@cloister/core';
import type { ModelFiles } from '../src/fetch-model.ts';
import { verifyBytes } from '../src/verified-bytes.ts';

type Field = readonly [number: number, value: number | string | Uint8Array | readonly Field[]];

/** A message of Protocol Buffers: numbers as varints, everything else with its length. */
function encode(fields: readonly Field[]): Uint8Array {
  const bytes: number[] = [];
  for (const [number, value] of fields) {
    if (typeof value === 'number') bytes.push(...varint(number << 3), ...varint(value));
    else {
      const content = typeof value === 'string' ? utf8(value) : value instanceof Uint8Array ? value : encode(value);
      bytes.push(...varint((number << 3) | 2), ...varint(content.length), ...content);
    }
  }
  return Uint8Array.from(bytes);
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

function valueInfo(name: string, type: number, dimensions: readonly (string | number)[]): Field[] {
  const shape = dimensions.map((size): Field => [1, typeof size === 'number' ? [[1, size]] : [[2, size]]]);
  return [[1, name], [2, [[1, [[1, type], [2, shape]]]]]]; // prettier-ignore
}

const [FLOAT, INT64] = [1, 7];

/** An ONNX model that looks up the logits of each token: a table of one row for each token, one column for each label. */
function lookupModel(table: readonly (readonly number[])[]): Uint8Array {
  const columns = table[0]?.length ?? 0;
  const raw = new Uint8Array(Float32Array.from(table.flat()).buffer);
  const graph: Field[] = [
    [1, [[1, 'table'], [1, 'input_ids'], [2, 'logits'], [4, 'Gather']]],
    [2, 'lookup'],
    [5, [[1, table.length], [1, columns], [2, FLOAT], [8, 'table'], [9, raw]]],
    [11, valueInfo('input_ids', INT64, ['batch', 'tokens'])],
    [12, valueInfo('logits', FLOAT, ['batch', 'tokens', columns])],
  ]; // prettier-ignore
  return encode([[1, 8], [7, graph], [8, [[2, 13]]]]); // prettier-ignore
}

/** A model for names that knows some words: the rest are no names. Words of several pieces are cut as in WordPiece. */
export function tinyNer(labels: readonly string[], words: Readonly<Record<string, string>>): ModelFiles {
  const vocabulary = ['[UNK]', '[CLS]', '[SEP]', ...Object.keys(words)];
  const table = vocabulary.map((word) => {
    const label = words[word] ?? 'O';
    return labels.map((name) => (name === label ? 8 : 0));
  });
  const special = (id: number): object => ({ id, content: vocabulary[id], special: true, single_word: false, lstrip: false, rstrip: false, normalized: false }); // prettier-ignore
  const tokenizer = {
    version: '1.0',
    added_tokens: [special(1), special(2)],
    normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: true, lowercase: true },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: { type: 'BertProcessing', sep: ['[SEP]', 2], cls: ['[CLS]', 1] },
    decoder: null,
    model: { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100, vocab: Object.fromEntries(vocabulary.map((word, id) => [word, id])) },
  }; // prettier-ignore
  const json = (value: object): Uint8Array => utf8(JSON.stringify(value));
  const files: Readonly<Record<string, Uint8Array>> = {
    'model.onnx': lookupModel(table),
    'tokenizer.json': json(tokenizer),
    'tokenizer_config.json': json({ tokenizer_class: 'BertTokenizer' }),
    'config.json': json({ id2label: Object.fromEntries(labels.entries()), max_position_embeddings: 64 }),
  };
  return new Map(
    Object.entries(files).map(([name, bytes]) => {
      const verified = verifyBytes(bytes, toHex(sha256(bytes)));
      if (verified === undefined) throw new Error('not its own digest');
      return [name, verified];
    }),
  );
}
