import { Marked } from 'marked';
import { readHtml } from './read-html.ts';
import type { HtmlContent } from './read-html.ts';

/** Fields before the text, as many generators of sites write them: they are data, not text. */
const FRONT_MATTER = /^---\r?\n[\s\S]{0,65536}?\r?\n---\r?\n/;

/** Reads Markdown (CommonMark with GitHub's tables and lists) as the page that it stands for. @param most see `readHtml` */
export function readMarkdown(markdown: string, most: number): HtmlContent {
  return readHtml(new Marked().parse(markdown.replace(FRONT_MATTER, ''), { async: false }), most);
}
