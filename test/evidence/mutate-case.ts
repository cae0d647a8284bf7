import type { TdxCollateral } from '@cloister/core';
import {
  ATTRS_2026_03,
  type CollateralFiles,
  GOOGLE_2023,
  joinCollateral,
  loadBytes,
  loadText,
} from './load-vectors.ts';
import { mutateBytes, type Mutation } from './mutate-bytes.ts';

/** One line of the mutated cases beside the vectors: what to feed and what to expect. */
export interface TdxCase {
  readonly file: string;
  readonly case: string;
  /** SHA-256 of the mutated quote, hex. */
  readonly sha256: string;
  readonly at: string;
  readonly collateral: string;
  readonly mutation?: TdxMutation;
  readonly expect: 'accept' | 'reject' | 'either';
}

/** A change of a quote or of its collateral. */
interface TdxMutation extends Mutation {
  readonly order?: readonly number[];
  readonly from?: string;
  readonly members?: readonly (keyof TdxCollateral)[];
}

/** What a case feeds to a verifier. */
export interface CaseInput {
  readonly quote: Uint8Array;
  readonly collateral: TdxCollateral;
  readonly at: string;
}

const SETS: Readonly<Record<string, CollateralFiles>> = {
  'google-2023': GOOGLE_2023,
  'attrs-2026-03/90c06f000000': ATTRS_2026_03,
  'attrs-2026-03/50806f000000': { ...ATTRS_2026_03, tcbInfo: 'attrs-2026-03.tcb-info-50806f000000.json' },
  'google-2026-02/90c06f000000': { ...ATTRS_2026_03, tcbInfo: 'google-2026-02.tcbinfo-90c06f.json' },
};

function loadCollateral(name: string, folder: URL): TdxCollateral {
  const files = SETS[name];
  if (files !== undefined) return joinCollateral(files, new URL('tdx/', folder));
  const kind = name.startsWith('phala-sgx') ? 'sgx' : 'tdx';
  return JSON.parse(loadText(`${kind}/${name}.collateral.json`, folder)) as TdxCollateral;
}

function loadQuote(file: string, folder: URL): Buffer {
  const [path = '', member] = file.split('#');
  if (member === undefined) return Buffer.from(loadBytes(path, folder));
  return Buffer.from((JSON.parse(loadText(path, folder)) as Record<string, string>)[member] ?? '', 'hex');
}

function pemBlocks(quote: Buffer): readonly { readonly start: number; readonly end: number }[] {
  const text = quote.toString('latin1');
  return [...text.matchAll(/-----BEGIN[^]*?-----END CERTIFICATE-----\n?/g)].map(({ index, 0: block }) => ({
    start: index,
    end: index + block.length,
  }));
}

/** The certification data that holds the chain: its size stands before the first block. */
function certificationData(quote: Buffer): { readonly start: number; readonly end: number } {
  const [first] = pemBlocks(quote);
  if (first === undefined) throw new Error('the quote has no chain');
  return { start: first.start, end: first.start + quote.readUInt32LE(first.start - 4) };
}

function reorder(quote: Buffer, order: readonly number[]): Buffer {
  const blocks = pemBlocks(quote);
  const { end } = certificationData(quote);
  const tail = quote.subarray(blocks[2]?.end ?? end, end);
  return Buffer.concat([...order.map((index) => quote.subarray(blocks[index]?.start, blocks[index]?.end)), tail]);
}

/** Puts other PEM blocks in place of the first three, or another quote's chain, and corrects the three lengths around them. */
function replaceChain(quote: Buffer, { order, from }: TdxMutation, folder: URL): Buffer {
  const { start, end } = certificationData(quote);
  const source = from === undefined ? quote : loadQuote(from, folder);
  const foreign = certificationData(source);
  const chain = order === undefined ? source.subarray(foreign.start, foreign.end) : reorder(source, order);
  const changed = Buffer.concat([quote.subarray(0, start), chain, quote.subarray(end)]);
  const version = quote.readUInt16LE(0);
  const data = version === 5 ? 54 + quote.readUInt32LE(50) : version === 4 ? 632 : 432;
  const offsets = version === 3 ? [data, start - 4] : [data, data + 134, start - 4];
  for (const offset of offsets)
    changed.writeUInt32LE(quote.readUInt32LE(offset) + chain.length - (end - start), offset);
  return changed;
}

function mutateQuote(bytes: Buffer, mutation: TdxMutation, folder: URL): Uint8Array {
  return mutation.op === 'chain' ? replaceChain(bytes, mutation, folder) : mutateBytes(bytes, mutation);
}

function mutateMember(collateral: TdxCollateral, mutation: TdxMutation): TdxCollateral {
  const member = mutation.target.slice('collateral.'.length) as keyof TdxCollateral;
  if (mutation.op === 'set') return { ...collateral, [member]: mutation.value ?? '' };
  if (mutation.op === 'copy') return { ...collateral, [member]: collateral[mutation.from as keyof TdxCollateral] };
  const encoding = member.endsWith('_crl') || member.endsWith('_signature') ? 'hex' : 'latin1';
  const changed = mutateBytes(Buffer.from(collateral[member], encoding), mutation);
  return { ...collateral, [member]: Buffer.from(changed).toString(encoding) };
}

function mutateCollateral(collateral: TdxCollateral, mutation: TdxMutation, folder: URL): TdxCollateral {
  if (mutation.target !== 'collateral') return mutateMember(collateral, mutation);
  if (mutation.op === 'replace') return loadCollateral(mutation.with ?? '', folder);
  const other = loadCollateral(mutation.from ?? '', folder);
  const taken = (mutation.members ?? []).map((member) => [member, other[member]]);
  return { ...collateral, ...(Object.fromEntries(taken) as Partial<TdxCollateral>) };
}

/** The input that a case describes. `folder` holds the attestation vectors. */
export function mutateCase(given: TdxCase, folder: URL): CaseInput {
  const { mutation } = given;
  const quote = loadQuote(given.file, folder);
  const input: CaseInput = { quote, collateral: loadCollateral(given.collateral, folder), at: given.at };
  if (mutation === undefined) return input;
  if (mutation.target === 'quote') return { ...input, quote: mutateQuote(quote, mutation, folder) };
  if (mutation.target === 'at') return { ...input, at: mutation.value ?? '' };
  return { ...input, collateral: mutateCollateral(input.collateral, mutation, folder) };
}
