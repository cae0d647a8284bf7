import { type DerElement, type DerReader, malformed, openElement, TAG } from '../der/der-reader.ts';
import { readBoolean, readObjectIdentifier } from '../der/der-values.ts';

/** One extension (RFC 5280 section 4.2). */
export interface Extension {
  readonly critical: boolean;
  /** What the OCTET STRING holds. */
  readonly value: Uint8Array;
}

/** Reads Extensions into a map by object identifier; an identifier may not occur twice. `container` holds one SEQUENCE. */
export function parseExtensions(container: DerElement): ReadonlyMap<string, Extension> {
  const outer = openElement(container);
  const list = openElement(outer.next(TAG.sequence));
  outer.end();
  return readExtensionList(list);
}

/** As `parseExtensions`, from a reader that stands before the first extension. At most 64 of them. */
export function readExtensionList(list: DerReader): ReadonlyMap<string, Extension> {
  const extensions = new Map<string, Extension>();
  while (!list.done) {
    const fields = openElement(list.next(TAG.sequence));
    const identifier = readObjectIdentifier(fields.next(TAG.objectIdentifier));
    const flag = fields.optional(TAG.boolean);
    const critical = flag !== undefined && readBoolean(flag);
    // FALSE is the default, and DER leaves defaults out (X.690 section 11.5).
    if (flag !== undefined && !critical) throw malformed(0);
    const value = fields.next(TAG.octetString).content;
    fields.end();
    if (extensions.has(identifier) || extensions.size >= 64) throw malformed(0);
    extensions.set(identifier, { critical, value });
  }
  return extensions;
}
