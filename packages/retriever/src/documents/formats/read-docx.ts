import { Buffer } from 'node:buffer';
import { unzipSync, zipSync } from 'fflate';
import mammoth from 'mammoth';
import { DocumentLimit } from './document-limit.ts';
import { readHtml } from './read-html.ts';
import type { HtmlContent } from './read-html.ts';

/** The parts that hold text, styles, numbers and what links them. Pictures, fonts and macros are not even inflated. */
const PARTS = /^(?:\[Content_Types\]\.xml|_rels\/\.rels|word\/(?:_rels\/)?[A-Za-z0-9]+\.xml(?:\.rels)?)$/;

/**
 * Reads a Word document. Its archive is opened here, within bounds, and only what was inflated here reaches the reader: a
 * part that says it is small and is not, and one that only another reader of archives would see, stay outside.
 * @throws DocumentLimit; Error for what is no such document
 */
export async function readDocx(bytes: Uint8Array, inflated: number, most: number): Promise<HtmlContent> {
  let sum = 0;
  const parts = unzipSync(bytes, {
    filter({ name, originalSize }) {
      if (!PARTS.test(name)) return false;
      sum += originalSize;
      if (sum > inflated) throw new DocumentLimit('inflated');
      return true;
    },
  });
  if (parts['word/document.xml'] === undefined) throw new Error('no document');
  for (const part of Object.values(parts)) if (hasDoctype(part)) throw new Error('document type declaration');
  const buffer = Buffer.from(zipSync(parts, { level: 0 }));
  const { value } = await mammoth.convertToHtml({ buffer }, { externalFileAccess: false, convertImage });
  return readHtml(value, most);
}

/** Entities are declared there, and no part of a document needs one. */
function hasDoctype(part: Uint8Array): boolean {
  return Buffer.from(part.buffer, part.byteOffset, part.byteLength).includes('<!DOCTYPE');
}

const convertImage = mammoth.images.imgElement(async () => ({ src: '' }));
