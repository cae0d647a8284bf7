import { toHex } from '@cloister/core';
import { type DerElement, malformed, openElement, readSequence, TAG } from '../der/der-reader.ts';
import { readChildren, readObjectIdentifier, readSmallInteger } from '../der/der-values.ts';
import { OID } from '../x509/object-identifiers.ts';
import type { Certificate } from '../x509/parse-certificate.ts';

/** What a platform certificate says about its platform (Intel SGX PCK certificate specification, section 1.3.5). */
export interface PckExtension {
  /** Platform provisioning id, 16 bytes as hex: names the machine. */
  readonly ppid: string;
  /** The 16 CPU SVN components, each 0 to 255. */
  readonly components: readonly number[];
  readonly pceSvn: number;
  /** 2 bytes, lower-case hex. */
  readonly pceId: string;
  /** Family, model, stepping, platform and custom SKU: 6 bytes, lower-case hex. */
  readonly fmspc: string;
}

const TCB = `${OID.sgxExtensions}02`;

/** Reads a SEQUENCE of (identifier, value) pairs; an identifier may not occur twice. */
function readPairs(elements: readonly DerElement[]): ReadonlyMap<string, DerElement> {
  const pairs = new Map<string, DerElement>();
  for (const element of elements) {
    if (element.tag !== TAG.sequence) throw malformed(0);
    const fields = openElement(element);
    const identifier = readObjectIdentifier(fields.next(TAG.objectIdentifier));
    const value = fields.any();
    fields.end();
    if (pairs.has(identifier)) throw malformed(0);
    pairs.set(identifier, value);
  }
  return pairs;
}

function read(pairs: ReadonlyMap<string, DerElement>, identifier: string, tag: number): DerElement {
  const element = pairs.get(identifier);
  if (element?.tag !== tag) throw malformed(0);
  return element;
}

function readOctets(pairs: ReadonlyMap<string, DerElement>, identifier: string, length: number): string {
  const { content } = read(pairs, identifier, TAG.octetString);
  if (content.length !== length) throw malformed(0);
  return toHex(content);
}

function readSvn(pairs: ReadonlyMap<string, DerElement>, index: number, limit: number): number {
  const identifier = `${TCB}${index.toString(16).padStart(2, '0')}`;
  const svn = readSmallInteger(read(pairs, identifier, TAG.integer));
  if (svn > limit) throw malformed(0);
  return svn;
}

/**
 * Parses the SGX extensions of a platform (PCK) certificate.
 * @throws CloisterError ERR_EVIDENCE_DER_MALFORMED when they are missing, incomplete or ill-formed
 */
export function parsePckExtension(certificate: Certificate): PckExtension {
  const extension = certificate.extensions.get(OID.sgxExtensions);
  if (extension === undefined) throw malformed(0);
  const list = readSequence(extension.value);
  const elements: DerElement[] = [];
  while (!list.done) elements.push(list.any());
  const pairs = readPairs(elements);
  const tcb = readPairs(readChildren(read(pairs, TCB, TAG.sequence)));
  return {
    ppid: readOctets(pairs, `${OID.sgxExtensions}01`, 16),
    components: Array.from({ length: 16 }, (_, index) => readSvn(tcb, index + 1, 0xff)),
    pceSvn: readSvn(tcb, 17, 0xffff),
    pceId: readOctets(pairs, `${OID.sgxExtensions}03`, 2),
    fmspc: readOctets(pairs, `${OID.sgxExtensions}04`, 6),
  };
}
