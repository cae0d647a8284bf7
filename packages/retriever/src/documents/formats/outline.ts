import type { Heading } from '../../heading.ts';
import type { DocumentContent } from '../document-content.ts';
import { DocumentLimit } from './document-limit.ts';

/** Collects a document's text block by block: blocks are parted by an empty line, and headings remembered. */
export class Outline {
  readonly #most: number;
  readonly #headings: Heading[] = [];
  #text = '';

  /** @param most UTF-16 units of the whole text */
  constructor(most: number) {
    this.#most = most;
  }

  /** Adds a heading; its line breaks become spaces. @param level 1 to 6 */
  heading(text: string, level: number): void {
    const line = text.replace(/\s+/g, ' ').trim();
    if (line === '') return;
    this.#part();
    this.#headings.push({ at: this.#text.length, level: Math.min(6, Math.max(1, level)) });
    this.#append(line);
  }

  /** Adds a block as it is, but for empty lines at its ends. */
  block(text: string): void {
    const block = text.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd();
    if (block.trim() === '') return;
    this.#part();
    this.#append(block);
  }

  /** What was collected. */
  end(): DocumentContent {
    return { text: this.#text.toWellFormed(), headings: this.#headings };
  }

  #part(): void {
    if (this.#text !== '') this.#text += '\n\n';
  }

  #append(text: string): void {
    this.#text += text;
    if (this.#text.length > this.#most) throw new DocumentLimit('characters');
  }
}
