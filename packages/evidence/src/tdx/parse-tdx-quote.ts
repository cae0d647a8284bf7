import { tdxError } from './errors.ts';
import { type ByteReader, createByteReader } from './byte-reader.ts';
import type { EnclaveReport, TdReport, TdxQuote } from './quote-types.ts';

const MAX_QUOTE = 32 * 1024;
const ECDSA_P256 = 2;
const TEE_TDX = 0x81;
const HEADER = 48;
const QE_REPORT = 384;
/** Certification data types: the QE's own certification data, and a PEM chain. */
const CERTIFICATION_QE_REPORT = 6;
const CERTIFICATION_PCK_CHAIN = 5;
/** Body types of version 5 with their sizes in bytes. */
const BODY_SIZES: ReadonlyMap<number, number> = new Map([
  [2, 584],
  [3, 648],
]);

function unsupported(offset: number): Error {
  return tdxError('ERR_EVIDENCE_QUOTE_UNSUPPORTED', { detail: { offset } });
}

function refuseAt(offset: number): Error {
  return tdxError('ERR_EVIDENCE_QUOTE_MALFORMED', { detail: { offset } });
}

function readHeader(reader: ByteReader): Pick<TdxQuote, 'version' | 'qeVendorId' | 'userData'> {
  const version = reader.uint(2);
  // Known first, so that an SGX quote (version 3) is named as such however it is cut.
  if (version !== 4 && version !== 5) throw unsupported(0);
  const keyType = reader.uint(2);
  const tee = reader.uint(4);
  // Two words of which the formats disagree whether they are reserved; the signature covers them.
  reader.bytes(4);
  const qeVendorId = reader.bytes(16);
  const userData = reader.bytes(20);
  if (keyType !== ECDSA_P256 || tee !== TEE_TDX) throw unsupported(2);
  return { version, qeVendorId, userData };
}

/** The body's size; version 5 puts a descriptor in front of it. */
function readBodySize(reader: ByteReader, version: number): number {
  if (version === 4) return 584;
  const expected = BODY_SIZES.get(reader.uint(2));
  const size = reader.uint(4);
  if (expected === undefined) throw unsupported(HEADER);
  if (size !== expected) throw refuseAt(HEADER + 2);
  return size;
}

function readReport(reader: ByteReader, size: number): TdReport {
  const report = {
    teeTcbSvn: reader.bytes(16),
    mrSeam: reader.bytes(48),
    mrSignerSeam: reader.bytes(48),
    seamAttributes: reader.bytes(8),
    tdAttributes: reader.bytes(8),
    xfam: reader.bytes(8),
    mrTd: reader.bytes(48),
    mrConfigId: reader.bytes(48),
    mrOwner: reader.bytes(48),
    mrOwnerConfig: reader.bytes(48),
    rtmr0: reader.bytes(48),
    rtmr1: reader.bytes(48),
    rtmr2: reader.bytes(48),
    rtmr3: reader.bytes(48),
    reportData: reader.bytes(64),
  };
  if (size === 584) return { ...report, teeTcbSvn2: undefined, mrServiceTd: undefined };
  return { ...report, teeTcbSvn2: reader.bytes(16), mrServiceTd: reader.bytes(48) };
}

function readEnclaveReport(raw: Uint8Array): EnclaveReport {
  const reader = createByteReader(raw);
  reader.bytes(16);
  const miscSelect = reader.bytes(4);
  reader.bytes(28);
  const attributes = reader.bytes(16);
  const mrEnclave = reader.bytes(32);
  reader.bytes(32);
  const mrSigner = reader.bytes(32);
  reader.bytes(96);
  const isvProdId = reader.uint(2);
  const isvSvn = reader.uint(2);
  reader.bytes(60);
  return { raw, miscSelect, attributes, mrEnclave, mrSigner, isvProdId, isvSvn, reportData: reader.bytes(64) };
}

/** Opens certification data of one type that must fill the rest: the format nests sizes, and a size that lies is refused. */
function openCertification(reader: ByteReader, type: number): ByteReader {
  const typeOffset = reader.offset;
  if (reader.uint(2) !== type) throw unsupported(typeOffset);
  const size = reader.uint(4);
  const start = reader.offset;
  const contents = reader.bytes(size);
  reader.end();
  return createByteReader(contents, start);
}

type SignatureFields = Pick<
  TdxQuote,
  'signature' | 'attestationKey' | 'qeReport' | 'qeReportSignature' | 'qeAuthData' | 'pckChain'
>;

function readSignature(input: Uint8Array, base: number): SignatureFields {
  const reader = createByteReader(input, base);
  const signature = reader.bytes(64);
  const attestationKey = reader.bytes(64);
  const certification = openCertification(reader, CERTIFICATION_QE_REPORT);
  const qeReport = readEnclaveReport(certification.bytes(QE_REPORT));
  const qeReportSignature = certification.bytes(64);
  const qeAuthData = certification.bytes(certification.uint(2));
  const chain = openCertification(certification, CERTIFICATION_PCK_CHAIN);
  const pckChain = chain.rest();
  return { signature, attestationKey, qeReport, qeReportSignature, qeAuthData, pckChain };
}

/**
 * Parses a TDX quote of version 4, or of version 5 with a TD 1.0 or 1.5 body. Every length must fit exactly; after the
 * signature data only zero padding may follow, as quoting services leave it there. Nothing is trusted yet.
 * @param bytes at most 32 KiB
 * @throws CloisterError ERR_EVIDENCE_QUOTE_MALFORMED or, for other versions, key, TEE, body or certification types,
 *   ERR_EVIDENCE_QUOTE_UNSUPPORTED; `detail.offset` says where
 */
export function parseTdxQuote(bytes: Uint8Array): TdxQuote {
  if (bytes.length > MAX_QUOTE) throw refuseAt(MAX_QUOTE);
  const reader = createByteReader(bytes);
  const header = readHeader(reader);
  const report = readReport(reader, readBodySize(reader, header.version));
  const signed = bytes.subarray(0, reader.offset);
  const length = reader.uint(4);
  const base = reader.offset;
  const fields = readSignature(reader.bytes(length), base);
  const padding = bytes.subarray(reader.offset);
  if (padding.some((byte) => byte !== 0)) throw refuseAt(reader.offset);
  return { ...header, report, signed, ...fields };
}
