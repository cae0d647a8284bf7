import { fromBase64 } from '@cloister/core';
import type { Element } from '@xmldom/xmldom';
import { type Certificate, parseCertificate } from '../x509/parse-certificate.ts';
import { childElements, malformedRim } from './read-xml.ts';

/** The parts of the one accepted signature: enveloped, over the whole document, with its certificates. */
export interface RimSignature {
  readonly element: Element;
  readonly signedInfo: Element;
  /** SHA-384 of the document without the signature, 48 bytes. */
  readonly digest: Uint8Array;
  /** r || s, 96 bytes. */
  readonly value: Uint8Array;
  /** The signer's first. */
  readonly certificates: readonly Certificate[];
}

const NAMESPACE = 'http://www.w3.org/2000/09/xmldsig#';
const ENVELOPED = `${NAMESPACE}enveloped-signature`;
const ECDSA_SHA384 = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384';
const SHA384 = 'http://www.w3.org/2001/04/xmldsig-more#sha384';
/** Canonical XML 1.1 and 1.0. */
const CANONICAL: ReadonlySet<string> = new Set([
  'http://www.w3.org/2006/12/xml-c14n11',
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
]);
const MAX_CERTIFICATES = 6;

function isNamed({ namespaceURI, localName }: Element, name: string): boolean {
  return namespaceURI === NAMESPACE && localName === name;
}

/** The children, which must be exactly these; whatever else a signature may hold is refused. */
function expectChildren(parent: Element, ...names: readonly string[]): readonly Element[] {
  const children = childElements(parent);
  const isSame =
    children.length === names.length && names.every((name, index) => isNamed(children[index] as Element, name));
  if (!isSame) throw malformedRim();
  return children;
}

function expectAlgorithm(element: Element | undefined, isKnown: (algorithm: string) => boolean): void {
  if (!isKnown(element?.getAttribute('Algorithm') ?? '') || element?.hasChildNodes() !== false) throw malformedRim();
}

function readBase64(element: Element | undefined): Uint8Array {
  if (element === undefined || childElements(element).length > 0) throw malformedRim();
  try {
    return fromBase64((element.textContent ?? '').replaceAll(/\s/g, ''));
  } catch {
    throw malformedRim();
  }
}

/** One reference, to the whole document, enveloped and canonical. */
function readReference(reference: Element): Uint8Array {
  const [transforms, method, digest] = expectChildren(reference, 'Transforms', 'DigestMethod', 'DigestValue');
  if (reference.getAttribute('URI') !== '' || transforms === undefined) throw malformedRim();
  const [enveloped, canonical] = expectChildren(transforms, 'Transform', 'Transform');
  expectAlgorithm(enveloped, (algorithm) => algorithm === ENVELOPED);
  expectAlgorithm(canonical, (algorithm) => CANONICAL.has(algorithm));
  expectAlgorithm(method, (algorithm) => algorithm === SHA384);
  return readBase64(digest);
}

function readCertificates(keyInfo: Element): readonly Certificate[] {
  const [data] = expectChildren(keyInfo, 'X509Data');
  const elements = data === undefined ? [] : childElements(data);
  if (elements.length < 2 || elements.length > MAX_CERTIFICATES) throw malformedRim();
  return elements.map((element) => {
    if (!isNamed(element, 'X509Certificate')) throw malformedRim();
    return parseCertificate(readBase64(element));
  });
}

/**
 * Reads the signature of a document (XML-DSig, RFC 3275): the last element of its root, the only one of its kind.
 * @throws CloisterError ERR_EVIDENCE_RIM_MALFORMED for any other shape, more than one reference among them;
 *   ERR_EVIDENCE_DER_MALFORMED inside a certificate
 */
export function readSignature(root: Element): RimSignature {
  const element = childElements(root).at(-1);
  const isOnly = root.getElementsByTagNameNS(NAMESPACE, 'Signature').length === 1;
  if (element === undefined || !isNamed(element, 'Signature') || !isOnly) throw malformedRim();
  const [signedInfo, value, keyInfo] = expectChildren(element, 'SignedInfo', 'SignatureValue', 'KeyInfo');
  if (signedInfo === undefined || keyInfo === undefined) throw malformedRim();
  const [canonical, method, reference] = expectChildren(
    signedInfo,
    'CanonicalizationMethod',
    'SignatureMethod',
    'Reference',
  );
  expectAlgorithm(canonical, (algorithm) => CANONICAL.has(algorithm));
  expectAlgorithm(method, (algorithm) => algorithm === ECDSA_SHA384);
  if (reference === undefined) throw malformedRim();
  return {
    element,
    signedInfo,
    digest: readReference(reference),
    value: readBase64(value),
    certificates: readCertificates(keyInfo),
  };
}
