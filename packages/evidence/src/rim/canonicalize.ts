import type { Attr, Element } from '@xmldom/xmldom';
import { isElement } from './read-xml.ts';

type Scope = ReadonlyMap<string, string>;

const TEXT: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#xD;' };
const VALUE: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};

function escapeText(text: string): string {
  return text.replaceAll(/[&<>\r]/g, (character) => TEXT[character] ?? '');
}

function escapeValue(text: string): string {
  return text.replaceAll(/[&<"\t\n\r]/g, (character) => VALUE[character] ?? '');
}

/** The prefix that an attribute declares, `''` for the default namespace; `undefined` for any other attribute. */
function declaredPrefix({ nodeName }: Attr): string | undefined {
  if (nodeName === 'xmlns') return '';
  return nodeName.startsWith('xmlns:') ? nodeName.slice('xmlns:'.length) : undefined;
}

/** What an element declares itself. */
function readDeclarations(element: Element): Scope {
  const attributes = Array.from(element.attributes);
  return new Map(
    attributes
      .map((attribute) => [declaredPrefix(attribute) ?? attribute, attribute.value] as const)
      .filter((entry): entry is readonly [string, string] => typeof entry[0] === 'string'),
  );
}

/** Everything declared on an element and above it. */
function readScope(element: Element): Scope {
  const parent = element.parentNode;
  const above: Scope = parent !== null && isElement(parent) ? readScope(parent) : new Map();
  return new Map([...above, ...readDeclarations(element)]);
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function renderNamespaces(declared: Scope, rendered: Scope): string {
  return [...declared]
    .filter(([prefix, name]) => (rendered.get(prefix) ?? '') !== name)
    .toSorted(([left], [right]) => compare(left, right))
    .map(([prefix, name]) => ` xmlns${prefix === '' ? '' : `:${prefix}`}="${escapeValue(name)}"`)
    .join('');
}

function renderAttributes(element: Element): string {
  return Array.from(element.attributes)
    .filter((attribute) => declaredPrefix(attribute) === undefined)
    .toSorted(
      (left, right) =>
        compare(left.namespaceURI ?? '', right.namespaceURI ?? '') ||
        compare(left.localName ?? '', right.localName ?? ''),
    )
    .map(({ nodeName, value }) => ` ${nodeName}="${escapeValue(value)}"`)
    .join('');
}

function render(element: Element, declared: Scope, rendered: Scope, omit: Element | undefined): string {
  const scope = new Map([...rendered, ...declared]);
  const children = Array.from(element.childNodes, (child) => {
    if (child === omit) return '';
    return isElement(child) ? render(child, readDeclarations(child), scope, omit) : escapeText(child.nodeValue ?? '');
  });
  const start = `${element.nodeName}${renderNamespaces(declared, rendered)}${renderAttributes(element)}`;
  return `<${start}>${children.join('')}</${element.nodeName}>`;
}

/**
 * Canonical XML of an element and all in it, for trees that `readXml` returned: without comments and `xml:` attributes
 * versions 1.0 and 1.1 (W3C xml-c14n, xml-c14n11; inclusive) give the same text.
 * @param omit an element to leave out: the signature, for the enveloped-signature transform
 */
export function canonicalize(element: Element, omit?: Element): string {
  return render(element, readScope(element), new Map(), omit);
}
