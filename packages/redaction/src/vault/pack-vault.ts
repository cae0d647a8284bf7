import { fromUtf8, lengthPrefixed, utf8, zero } from '@cloister/core';
import type { VaultState } from './vault-state.ts';
import { loadDigests } from './digest-map.ts';
import { addId, idOf } from './id-index.ts';
import { loadRows, type Rows } from './rows.ts';
import { nameSource } from './sources.ts';
import { loadUnits } from './units.ts';

const LENGTH = 4;

/** All of a vault but its key as bytes, the values in clear: to be overwritten once they are sealed. Numbers are big-endian. */
export function packVault({ values, ids, byDigest, surnames, sources }: VaultState): Uint8Array {
  const { entries, forms, units } = values;
  const spelled = Int32Array.from({ length: 2 * entries.count }, (_, at) => {
    const { low, high } = idOf(ids, at >> 1);
    return at % 2 === 0 ? low : high;
  });
  const parts = [
    pack(used(entries)),
    pack(used(forms)),
    packUnits(units.codes.subarray(0, units.length)),
    pack(spelled),
    pack(byDigest.slots),
    pack(surnames.slots),
    pack(used(sources.links)),
    utf8(JSON.stringify(sources.names)),
  ];
  const packed = lengthPrefixed(...parts);
  parts.forEach(zero);
  return packed;
}

/** Fills an empty vault with what {@link packVault} made of another one. */
export function unpackVault(packed: Uint8Array, { values, ids, byDigest, surnames, sources }: VaultState): void {
  const view = new DataView(packed.buffer, packed.byteOffset);
  let at = 0;
  const next = (): DataView => {
    const start = at + LENGTH;
    at = start + view.getUint32(at);
    return new DataView(packed.buffer, packed.byteOffset + start, at - start);
  };
  loadRows(values.entries, unpack(next()));
  loadRows(values.forms, unpack(next()));
  loadUnits(values.units, unpackUnits(next()));
  const pairs = unpack(next());
  for (let pair = 0; pair < pairs.length; pair += 2)
    addId(ids, { low: pairs[pair] as number, high: pairs[pair + 1] as number });
  loadDigests(byDigest, unpack(next()));
  loadDigests(surnames, unpack(next()));
  loadRows(sources.links, unpack(next()));
  const { buffer, byteOffset, byteLength } = next();
  for (const name of JSON.parse(fromUtf8(new Uint8Array(buffer, byteOffset, byteLength))) as string[])
    nameSource(sources, name);
}

function used({ cells, count, width }: Rows): Int32Array {
  return cells.subarray(0, count * width);
}

function pack(numbers: Int32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * numbers.length));
  for (let index = 0; index < numbers.length; index++) view.setInt32(4 * index, numbers[index] as number);
  return new Uint8Array(view.buffer);
}

function packUnits(codes: Uint16Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 * codes.length));
  for (let index = 0; index < codes.length; index++) view.setUint16(2 * index, codes[index] as number);
  return new Uint8Array(view.buffer);
}

function unpack(view: DataView): Int32Array {
  const numbers = new Int32Array(view.byteLength / 4);
  for (let index = 0; index < numbers.length; index++) numbers[index] = view.getInt32(4 * index);
  return numbers;
}

function unpackUnits(view: DataView): Uint16Array {
  const codes = new Uint16Array(view.byteLength / 2);
  for (let index = 0; index < codes.length; index++) codes[index] = view.getUint16(2 * index);
  return codes;
}
