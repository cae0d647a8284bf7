import type { Memory } from './memory.ts';
import { addRow, createRows, eraseRows, getCell, type Rows, setCell } from './rows.ts';

/** The parts in which values were seen, as chains: an entry knows the last link of its own, -1 when there is none. */
export interface Sources {
  readonly names: string[];
  readonly numbers: Map<string, number>;
  readonly links: Rows;
}

// Of a link: the part, the link before it plus one, and how many links there are from it on.
const [PART, BEFORE, COUNT] = [0, 1, 2] as const;
/** Parts that one entry remembers. */
const MOST = 64;

/** No parts yet. */
export function createSources(memory: Memory): Sources {
  return { names: [], numbers: new Map(), links: createRows(3, memory) };
}

/** The last link of the chain that ends at `last` and has this part too; full chains stay as they are. */
export function addSource(sources: Sources, last: number, name: string): number {
  const { links } = sources;
  const part = nameSource(sources, name);
  for (let link = last; link >= 0; link = getCell(links, link, BEFORE) - 1)
    if (getCell(links, link, PART) === part) return last;
  const count = last < 0 ? 0 : getCell(links, last, COUNT);
  if (count >= MOST) return last;
  const link = addRow(links);
  setCell(links, link, PART, part);
  setCell(links, link, BEFORE, last + 1);
  setCell(links, link, COUNT, count + 1);
  return link;
}

/** The parts of a chain, first seen first. */
export function listSources({ names, links }: Sources, last: number): string[] {
  const parts: string[] = [];
  for (let link = last; link >= 0; link = getCell(links, link, BEFORE) - 1)
    parts.push(names[getCell(links, link, PART)] as string);
  return parts.reverse();
}

/** Forgets all parts and chains. */
export function eraseSources({ names, numbers, links }: Sources): void {
  names.length = 0;
  numbers.clear();
  eraseRows(links);
}

/** The number of a part, given when it is new. */
export function nameSource({ names, numbers }: Sources, name: string): number {
  const known = numbers.get(name);
  if (known !== undefined) return known;
  numbers.set(name, names.length);
  return names.push(name) - 1;
}
