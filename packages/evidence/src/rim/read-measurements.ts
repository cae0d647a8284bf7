import { fromHex } from '@cloister/core';
import type { Element } from '@xmldom/xmldom';
import type { GoldenMeasurements } from '../nvidia/spdm/reference-measurements.ts';
import { childElements, malformedRim } from './read-xml.ts';

/** ISO/IEC 19770-2, whose schema the manifests follow. */
const NAMESPACE = 'http://standards.iso.org/iso/19770/-2/2015/schema.xsd';
/** The namespace of attributes that hold digests. */
const SHA384 = 'http://www.w3.org/2001/04/xmlenc#sha384';
const MAX_INDEX = 254;
const MAX_ALTERNATIVES = 64;
const DRIVER = /^[0-9][0-9.]{0,31}$/;
const VBIOS = /^[0-9A-F]{2}(?:\.[0-9A-F]{2}){4}$/;

/** The one child of this name. */
function readOnly(root: Element, name: string): Element {
  const [element, ...more] = childElements(root).filter((child) => isNamed(child, name));
  if (element === undefined || more.length > 0) throw malformedRim();
  return element;
}

function isNamed({ namespaceURI, localName }: Element, name: string): boolean {
  return namespaceURI === NAMESPACE && localName === name;
}

function readNumber(element: Element, name: string, most: number): number {
  const text = element.getAttribute(name) ?? '';
  const value = Number(text);
  if (!/^(?:0|[1-9]\d{0,2})$/.test(text) || value > most) throw malformedRim();
  return value;
}

function readHash(resource: Element, alternative: number, size: number): Uint8Array {
  const text = resource.getAttributeNS(SHA384, `Hash${alternative}`)?.toLowerCase() ?? '';
  if (text.length !== 2 * size || !/^[0-9a-f]+$/.test(text)) throw malformedRim();
  return fromHex(text);
}

/** One measurement: files count from 0, reports from 1. The values of an inactive one do not count. */
function readResource(resource: Element): readonly [index: number, accepted: readonly Uint8Array[]] {
  const isMeasurement = isNamed(resource, 'Resource') && resource.getAttribute('type') === 'Measurement';
  const active = resource.getAttribute('active')?.toLowerCase();
  if (!isMeasurement || (active !== 'true' && active !== 'false')) throw malformedRim();
  const index = readNumber(resource, 'index', MAX_INDEX) + 1;
  const size = readNumber(resource, 'size', 128);
  const alternatives = readNumber(resource, 'alternatives', MAX_ALTERNATIVES);
  const values = Array.from({ length: alternatives }, (_, alternative) => readHash(resource, alternative, size));
  if (values.length === 0) throw malformedRim();
  return [index, active === 'true' ? values : []];
}

function readVersion(root: Element): Pick<GoldenMeasurements, 'kind' | 'version'> {
  const version = readOnly(root, 'Meta').getAttribute('colloquialVersion')?.toUpperCase() ?? '';
  // Five pairs are a VBIOS's version and no driver's.
  if (VBIOS.test(version)) return { kind: 'vbios', version };
  if (!DRIVER.test(version)) throw malformedRim();
  return { kind: 'driver', version };
}

/**
 * Reads what a manifest says, from the elements outside its signature alone.
 * @throws CloisterError ERR_EVIDENCE_RIM_MALFORMED
 */
export function readMeasurements(root: Element): GoldenMeasurements {
  if (!isNamed(root, 'SoftwareIdentity')) throw malformedRim();
  const all = childElements(readOnly(root, 'Payload')).map(readResource);
  if (new Set(all.map(([index]) => index)).size !== all.length) throw malformedRim();
  return { ...readVersion(root), accepted: new Map(all.filter(([, accepted]) => accepted.length > 0)) };
}
