import { utf8 } from '@cloister/core';
import { zipSync } from 'fflate';

/** A line of a page: its text, the size of its letters and where it stands, in points from the bottom. */
export interface PrintedLine {
  readonly text: string;
  readonly size: number;
  readonly at: number;
}

/** A PDF file (ISO 32000-1) with one font, of pages with lines of ASCII. @param extra more entries of the trailer */
export function makePdf(pages: readonly (readonly PrintedLine[])[], extra = ''): Uint8Array {
  const streams = pages.map((lines) => {
    const drawn = lines.map(({ text, size, at }) => `BT /F ${size} Tf 1 0 0 1 72 ${at} Tm (${text}) Tj ET`).join('\n');
    return `<< /Length ${drawn.length} >>\nstream\n${drawn}\nendstream`;
  });
  return assemblePdf(
    streams.map((stream) => utf8(stream)),
    extra,
  );
}

/** A PDF file of pages whose content streams are given as they stand in the file. */
export function assemblePdf(streams: readonly Uint8Array[], extra = ''): Uint8Array {
  const kids = streams.map((_, index) => `${4 + 2 * index} 0 R`).join(' ');
  const objects: Uint8Array[] = [
    utf8('<< /Type /Catalog /Pages 2 0 R >>'),
    utf8(`<< /Type /Pages /Kids [${kids}] /Count ${streams.length} /MediaBox [0 0 612 792] >>`),
    utf8('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'),
  ];
  for (const [index, stream] of streams.entries()) {
    const resources = '/Resources << /Font << /F 3 0 R >> >>';
    objects.push(utf8(`<< /Type /Page /Parent 2 0 R ${resources} /Contents ${5 + 2 * index} 0 R >>`), stream);
  }
  const parts: Uint8Array[] = [utf8('%PDF-1.7\n')];
  const offsets: number[] = [];
  let length = (parts[0] as Uint8Array).length;
  const add = (bytes: Uint8Array): void => {
    parts.push(bytes);
    length += bytes.length;
  };
  for (const [index, object] of objects.entries()) {
    offsets.push(length);
    add(utf8(`${index + 1} 0 obj\n`));
    add(object);
    add(utf8('\nendobj\n'));
  }
  const start = length;
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  add(utf8(`xref\n0 ${size}\n0000000000 65535 f \n${entries}trailer\n<< /Size ${size} /Root 1 0 R ${extra} >>\n`));
  add(utf8(`startxref\n${start}\n%%EOF\n`));
  return new Uint8Array(Buffer.concat(parts));
}

const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const TYPES = 'http://schemas.openxmlformats.org/package/2006/content-types';
const RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument';
const MAIN = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml';

/** A paragraph in WordprocessingML. @param style for example `Heading1` */
export function paragraph(text: string, style?: string): string {
  const look = style === undefined ? '' : `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>`;
  return `<w:p>${look}<w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;
}

/** A Word document (ECMA-376) with the given body. @param more parts that are added to the archive */
export function makeDocx(body: string, more: Readonly<Record<string, Uint8Array>> = {}): Uint8Array {
  const styles = ['1', '2'].map(
    (level) => `<w:style w:type="paragraph" w:styleId="Heading${level}"><w:name w:val="heading ${level}"/></w:style>`,
  );
  return zipSync({
    '[Content_Types].xml': utf8(
      `${XML}<Types xmlns="${TYPES}"><Default Extension="xml" ContentType="application/xml"/>` +
        `<Override PartName="/word/document.xml" ContentType="${MAIN}"/></Types>`,
    ),
    '_rels/.rels': utf8(
      `${XML}<Relationships xmlns="${RELATIONS}">` +
        `<Relationship Id="a" Type="${OFFICE}" Target="word/document.xml"/></Relationships>`,
    ),
    'word/styles.xml': utf8(`${XML}<w:styles ${W}>${styles.join('')}</w:styles>`),
    'word/document.xml': utf8(`${XML}<w:document ${W}><w:body>${body}</w:body></w:document>`),
    ...more,
  });
}
