import { toHex } from '@cloister/core';
import { createDerReader, type DerElement, malformed, TAG } from '../der/der-reader.ts';
import { readSmallInteger } from '../der/der-values.ts';
import type { Certificate } from '../x509/parse-certificate.ts';
import { snpError } from './errors.ts';
import type { SnpTcb } from './report-types.ts';

/** 1.3.6.1.4.1.3704.1, hex of its DER contents. */
const AMD = '2b060104019c7801';
const IA5_STRING = 0x16;
const NAME = /^[\x20-\x7e]{1,64}$/;

/** What the certificate of a signing key says about the chip or provider and the TCB it is for (AMD VCEK and VLEK certificate specifications). */
export interface VekExtensions {
  /** For example `Milan-B0`. */
  readonly product: string;
  readonly tcb: SnpTcb;
  /** Chip id, 64 bytes, on Turin 8; a VCEK has it. */
  readonly hardwareId: Uint8Array | undefined;
  /** The provider a VLEK belongs to. */
  readonly providerId: string | undefined;
}

function readOne(value: Uint8Array, tag: number): DerElement {
  const reader = createDerReader(value);
  const element = reader.next(tag);
  reader.end();
  return element;
}

function readText(value: Uint8Array, tag: number): string {
  const text = String.fromCharCode(...readOne(value, tag).content.subarray(0, 65));
  if (!NAME.test(text)) throw malformed(0);
  return text;
}

/** 64 or 8 bytes, bare or in an OCTET STRING: both are in use, and their lengths tell them apart. */
function readHardwareId(value: Uint8Array): Uint8Array {
  const id = value.length === 66 || value.length === 10 ? readOne(value, TAG.octetString).content : value;
  if (id.length !== 64 && id.length !== 8) throw malformed(0);
  return id;
}

/**
 * Parses the extensions of a VCEK or VLEK certificate, of structure version 0 or, with a security version of the FMC, 1. A
 * certificate has either a chip id or a provider id.
 * @throws CloisterError ERR_EVIDENCE_SNP_EXTENSIONS_MALFORMED when they are missing, incomplete or ill-formed
 */
export function parseVekExtensions(certificate: Certificate): VekExtensions {
  try {
    return readExtensions(certificate);
  } catch {
    throw snpError('ERR_EVIDENCE_SNP_EXTENSIONS_MALFORMED');
  }
}

function readExtensions({ extensions }: Certificate): VekExtensions {
  const value = (arcs: string): Uint8Array | undefined => extensions.get(`${AMD}${arcs}`)?.value;
  const text = (arcs: string): string | undefined => {
    const bytes = value(arcs);
    return bytes && readText(bytes, bytes[0] === TAG.utf8String ? TAG.utf8String : IA5_STRING);
  };
  const integer = (arcs: string): number | undefined => {
    const bytes = value(arcs);
    const number = bytes && readSmallInteger(readOne(bytes, TAG.integer));
    if (number !== undefined && number > 0xff) throw malformed(0);
    return number;
  };
  const svn = (index: number): number | undefined => integer(`03${toHex(Uint8Array.of(index))}`);
  const version = integer('01');
  const fmc = svn(9);
  if (version !== (fmc === undefined ? 0 : 1)) throw malformed(0);
  const product = text('02');
  const [bootloader, tee, snp, microcode] = [svn(1), svn(2), svn(3), svn(8)];
  const reserved = [svn(4), svn(5), svn(6), svn(7)];
  const hardware = value('04');
  const providerId = text('05');
  if (product === undefined || (hardware === undefined) === (providerId === undefined)) throw malformed(0);
  if (bootloader === undefined || tee === undefined || snp === undefined || microcode === undefined) throw malformed(0);
  if (reserved.some((number) => number !== undefined && number !== 0)) throw malformed(0);
  return {
    product,
    tcb: { fmc, bootloader, tee, snp, microcode },
    hardwareId: hardware && readHardwareId(hardware),
    providerId,
  };
}
