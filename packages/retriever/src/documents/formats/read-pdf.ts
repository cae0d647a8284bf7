import { getDocumentProxy } from 'unpdf';
import type { DocumentContent } from '../document-content.ts';
import { DocumentLimit } from './document-limit.ts';
import { Outline } from './outline.ts';

/** What a file holds besides its text. */
export interface PdfContent extends DocumentContent {
  readonly pages: number;
}

/** One line as it is printed. */
interface Line {
  readonly text: string;
  /** Of the letters, in points. */
  readonly size: number;
  /** Distance from the line above; 0 for the first one of a page. */
  readonly gap: number;
}

/** A heading is printed larger than the text by this much. */
const LARGER = 1.15;
const LONGEST_HEADING = 200;

/**
 * Reads the text of a PDF file, line by line in the order in which it is drawn. Paragraphs are told by the distance of
 * lines, headings by the size of letters. Scanned pages hold no text.
 * @throws DocumentLimit; what the reader throws for encrypted and broken files
 */
export async function readPdf(bytes: Uint8Array, pages: number, most: number): Promise<PdfContent> {
  const document = await getDocumentProxy(bytes, {
    // Nothing is drawn or fetched.
    disableFontFace: true,
    useSystemFonts: false,
    useWorkerFetch: false,
    verbosity: 0,
  });
  if (document.numPages > pages) throw new DocumentLimit('pages');
  const read: Line[][] = [];
  let characters = 0;
  for (let number = 1; number <= document.numPages; number++) {
    const lines = await readLines(await document.getPage(number));
    characters += lines.reduce((sum, { text }) => sum + text.length, 0);
    if (characters > most) throw new DocumentLimit('characters');
    read.push(lines);
  }
  const outline = new Outline(most);
  const body = usualSize(read.flat());
  const sizes = [
    ...new Set(
      read
        .flat()
        .filter((line) => isHeading(line, body))
        .map(({ size }) => size),
    ),
  ];
  sizes.sort((left, right) => right - left);
  for (const lines of read) writePage(outline, lines, body, sizes);
  return { ...outline.end(), pages: document.numPages };
}

type Page = Awaited<ReturnType<Awaited<ReturnType<typeof getDocumentProxy>>['getPage']>>;

async function readLines(page: Page): Promise<Line[]> {
  const lines: Line[] = [];
  let [text, size, height] = ['', 0, 0];
  let above: number | undefined;
  const end = (): void => {
    if (text.trim() !== '') {
      lines.push({ text: text.trim(), size: Math.round(size * 2) / 2, gap: above === undefined ? 0 : above - height });
      above = height;
    }
    [text, size] = ['', 0];
  };
  for (const item of (await page.getTextContent()).items) {
    if (!('str' in item)) continue;
    const at = Number(item.transform[5]);
    if (text !== '' && Math.abs(at - height) > Math.max(1, item.height / 2)) end();
    if (text === '') height = at;
    text += item.str;
    size = Math.max(size, item.height);
    if (item.hasEOL) end();
  }
  end();
  page.cleanup();
  return lines;
}

/** The size in which most letters are printed. */
function usualSize(lines: readonly Line[]): number {
  const letters = new Map<number, number>();
  for (const { size, text } of lines) letters.set(size, (letters.get(size) ?? 0) + text.length);
  return [...letters].toSorted((left, right) => right[1] - left[1])[0]?.[0] ?? 0;
}

function isHeading({ text, size }: Line, body: number): boolean {
  return size > body * LARGER && text.length <= LONGEST_HEADING && /\p{L}/u.test(text);
}

function writePage(outline: Outline, lines: readonly Line[], body: number, sizes: readonly number[]): void {
  let paragraph = '';
  const end = (): void => {
    outline.block(paragraph);
    paragraph = '';
  };
  for (const line of lines) {
    if (isHeading(line, body)) {
      end();
      outline.heading(line.text, 1 + sizes.indexOf(line.size));
      continue;
    }
    if (line.gap > 1.6 * line.size || line.gap < 0) end();
    paragraph = join(paragraph, line.text);
  }
  end();
}

/** A word that was parted at the end of a line becomes one again. */
function join(before: string, line: string): string {
  if (before === '') return line;
  return /\p{Ll}-$/u.test(before) && /^\p{Ll}/u.test(line) ? before.slice(0, -1) + line : `${before} ${line}`;
}
