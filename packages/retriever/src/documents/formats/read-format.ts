import type { DocumentContent } from '../document-content.ts';
import type { DocumentType } from '../document-type.ts';
import { Outline } from './outline.ts';

/** The bounds that a format keeps by itself. */
export interface FormatBounds {
  readonly pages: number;
  readonly inflated: number;
  readonly characters: number;
}

/** What is read of a document. */
export interface FormatContent extends DocumentContent {
  readonly title?: string;
  readonly pages?: number;
}

/**
 * Reads a document within this thread. Libraries are loaded when they are needed, so that nobody installs the ones of
 * formats that are not read.
 * @throws DocumentLimit; whatever the format's library throws
 */
export async function readFormat(
  bytes: Uint8Array,
  type: DocumentType,
  { pages, inflated, characters }: FormatBounds,
): Promise<FormatContent> {
  if (type === 'pdf') return (await import('./read-pdf.ts')).readPdf(bytes, pages, characters);
  if (type === 'docx') return (await import('./read-docx.ts')).readDocx(bytes, inflated, characters);
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  if (type === 'html') return (await import('./read-html.ts')).readHtml(text, characters);
  if (type === 'markdown') return (await import('./read-markdown.ts')).readMarkdown(text, characters);
  const outline = new Outline(characters);
  outline.block(text);
  return outline.end();
}
