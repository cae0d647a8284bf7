import { fromUtf8 } from '@cloister/core';
import { DOMParser, type Element, type Node } from '@xmldom/xmldom';
import { rimError } from './errors.ts';

const MAX_LENGTH = 1024 * 1024;
const MAX_DEPTH = 12;
const MAX_TAGS = 8192;

/** The error for a file that does not have the one accepted form. */
export function malformedRim(): Error {
  return rimError('ERR_EVIDENCE_RIM_MALFORMED');
}

/** The elements inside an element, in their order. */
export function childElements(parent: Element): readonly Element[] {
  return Array.from(parent.childNodes).filter(isElement);
}

/** Whether a node is an element; all others are text here. */
export function isElement(node: Node): node is Element {
  return node.nodeType === node.ELEMENT_NODE;
}

/** Refuses depth, and names of the `xml` prefix: they alone make the versions of canonical XML differ. */
function checkTree(element: Element, depth: number): void {
  if (depth > MAX_DEPTH) throw malformedRim();
  for (const { nodeName } of Array.from(element.attributes)) if (nodeName.startsWith('xml:')) throw malformedRim();
  for (const child of childElements(element)) checkTree(child, depth + 1);
}

/** The text without its declaration. Document types, entities, comments, CDATA and instructions all begin alike. */
function readBody(bytes: Uint8Array): string {
  if (bytes.length > MAX_LENGTH) throw malformedRim();
  const text = fromUtf8(bytes).replace(/^<\?xml version=["']1\.0["'](?: encoding=["'](?:UTF|utf)-8["'])?\s*\?>/, '');
  if (/<[!?]/.test(text) || text.split('<').length > MAX_TAGS) throw malformedRim();
  return text;
}

function parse(bytes: Uint8Array): Element | null {
  const onError = (): never => {
    throw malformedRim();
  };
  return new DOMParser({ onError, locator: false }).parseFromString(readBody(bytes), 'text/xml').documentElement;
}

/**
 * Reads XML 1.0 with namespaces into its root element: UTF-8, at most 1 MiB and 12 levels deep, elements and text alone.
 * @throws CloisterError ERR_EVIDENCE_RIM_MALFORMED
 */
export function readXml(bytes: Uint8Array): Element {
  let root: Element | null = null;
  try {
    root = parse(bytes);
  } catch {
    // The parser wraps what its handler throws; nothing of the text may leave in its message.
  }
  if (root === null) throw malformedRim();
  checkTree(root, 1);
  return root;
}
