/** What a document is written in. */
export type DocumentType = 'pdf' | 'docx' | 'html' | 'markdown' | 'text';

const SUFFIXES: Readonly<Record<string, DocumentType>> = {
  pdf: 'pdf',
  docx: 'docx',
  html: 'html',
  htm: 'html',
  xhtml: 'html',
  md: 'markdown',
  markdown: 'markdown',
  txt: 'text',
};

/** What a file is by the end of its name; `undefined` for what `readDocument` cannot read. */
export function documentTypeOf(fileName: string): DocumentType | undefined {
  const suffix = /\.([A-Za-z]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(SUFFIXES, suffix) ? SUFFIXES[suffix] : undefined;
}
