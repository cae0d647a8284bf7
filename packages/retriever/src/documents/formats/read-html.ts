import { parse } from 'parse5';
import type { DefaultTreeAdapterTypes } from 'parse5';
import type { DocumentContent } from '../document-content.ts';
import { Outline } from './outline.ts';

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

/** What a page holds besides its text. */
export interface HtmlContent extends DocumentContent {
  readonly title?: string;
}

/** What nobody reads on the page, or what is no text. */
const SKIPPED = new Set(
  'script style template noscript head svg math iframe object embed canvas audio video select datalist'.split(' '),
);
const BLOCKS = new Set(
  (
    'address article aside blockquote body caption dd details dialog div dl dt fieldset figcaption figure footer form header hr ' +
    'html legend main nav ol p section summary table ul'
  ).split(' '),
);

/** Text that has been begun, with how its white space counts. */
interface Writer {
  readonly outline: Outline;
  line: string;
  /** Within `pre`, white space stays. */
  preformatted: number;
  /** Within cells and items, blocks stay on the line of the row or beside the item. */
  within: string[];
}

/**
 * Reads the visible text of HTML (as browsers parse it): headings, paragraphs, lists, rows of tables with their cells
 * parted by `|`, preformatted text, and the words that stand for pictures. What a page hides by attribute is left out;
 * what a style sheet hides is not known.
 * @param most UTF-16 units of text
 */
export function readHtml(html: string, most: number): HtmlContent {
  const root = parse(html);
  const writer: Writer = { outline: new Outline(most), line: '', preformatted: 0, within: [] };
  // By hand and not by recursion: a page may be nested deeper than the stack.
  const stack: (Node | (() => void))[] = [root];
  let title: string | undefined;
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (typeof next === 'function') next();
    else if ('value' in next) writeText(writer, next.value);
    else if ('tagName' in next && next.tagName === 'head') title ??= titleOf(next);
    else if (!('tagName' in next) || !isSkipped(next)) {
      if ('tagName' in next) stack.push(open(writer, next));
      if ('childNodes' in next) for (const child of next.childNodes.toReversed()) stack.push(child);
    }
  }
  flush(writer);
  return { ...writer.outline.end(), ...(title === undefined ? {} : { title }) };
}

/** Begins an element; what it gives ends it. */
function open(writer: Writer, element: Element): () => void {
  const { tagName } = element;
  const level = /^h([1-6])$/.exec(tagName)?.[1];
  if (level !== undefined) {
    flush(writer);
    return () => {
      writer.outline.heading(writer.line, Number(level));
      writer.line = '';
    };
  }
  if (tagName === 'pre') {
    flush(writer);
    writer.preformatted++;
    return () => {
      flush(writer);
      writer.preformatted--;
    };
  }
  if (BLOCKS.has(tagName)) {
    const part = (): void => {
      const separator = writer.within.at(-1);
      if (separator === undefined) flush(writer);
      else if (writer.line !== '' && !/[\s]$/.test(writer.line)) writer.line += separator;
    };
    part();
    return part;
  }
  return openInline(writer, element);
}

function openInline(writer: Writer, element: Element): () => void {
  const { tagName } = element;
  if (tagName === 'br') writer.line += '\n';
  if (tagName === 'img') writeText(writer, ` ${attribute(element, 'alt') ?? ''} `);
  // Items and rows of one list or table stay together, a line each.
  if (tagName === 'li') writer.line = `${writer.line.trimEnd()}\n- `;
  if (tagName === 'tr') writer.line = `${writer.line.trimEnd()}\n`;
  const separator = tagName === 'td' || tagName === 'th' ? ' ' : '\n';
  if (separator === '\n' && tagName !== 'li') return () => {};
  writer.within.push(separator);
  return () => {
    writer.within.pop();
    if (separator === ' ') writer.line = `${writer.line.trimEnd()} | `;
  };
}

function writeText(writer: Writer, text: string): void {
  if (writer.preformatted > 0) writer.line += text;
  else {
    const flat = text.replace(/[ \t\n\f\r]+/g, ' ');
    writer.line += /[ \n]$/.test(writer.line) || writer.line === '' ? flat.trimStart() : flat;
  }
}

function flush(writer: Writer): void {
  const { line, preformatted, outline } = writer;
  writer.line = '';
  outline.block(
    preformatted > 0
      ? line
      : line
          .replace(/(?: \| *)+(?=\n|$)/g, '')
          .replace(/ +\n/g, '\n')
          .trimStart(),
  );
}

function isSkipped(element: Element): boolean {
  const style = attribute(element, 'style') ?? '';
  return (
    SKIPPED.has(element.tagName) ||
    attribute(element, 'hidden') !== undefined ||
    attribute(element, 'aria-hidden') === 'true' ||
    /(?:display\s*:\s*none|visibility\s*:\s*hidden)/i.test(style)
  );
}

function attribute({ attrs }: Element, wanted: string): string | undefined {
  return attrs.find(({ name }) => name === wanted)?.value;
}

function titleOf(head: Element): string | undefined {
  const title = head.childNodes.find((node) => node.nodeName === 'title') as Element | undefined;
  const text = title?.childNodes.map((node) => ('value' in node ? node.value : '')).join('');
  return text?.replace(/\s+/g, ' ').trim();
}
