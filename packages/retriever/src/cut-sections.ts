import type { Budget } from './chunk-budget.ts';
import type { Heading } from './heading.ts';

/** Between two headings of a trail. */
const ARROW = ' > ';

interface Section {
  /** The headings above this section, outermost first. */
  readonly above: readonly string[];
  /** `undefined` before the first heading. */
  readonly title: string | undefined;
  readonly body: string;
  /** Whether the next section lies within this one. */
  readonly isParent: boolean;
}

/**
 * Cuts a text section by section. The line of headings that each chunk begins with takes at most a quarter of what fits;
 * outer ones go first. A section without text of its own is not lost: its heading is in the lines of those within it, or
 * makes a chunk.
 */
export function cutSections(
  text: string,
  headings: readonly Heading[],
  budget: Budget,
  cut: (part: string, within: Budget) => readonly string[],
): readonly string[] {
  return sectionsOf(text, headings).flatMap(({ above, title, body, isParent }) => {
    const whole = title === undefined ? above : [...above, title];
    if (body === '') return title === undefined || isParent ? [] : cut(whole.join(ARROW), budget);
    const trail = trailOf(whole, budget);
    const { maxTokens, maxCharacters, count } = budget;
    const rest = { count, maxTokens: maxTokens - count(trail), maxCharacters: maxCharacters - trail.length };
    return cut(body, rest).map((chunk) => trail + chunk);
  });
}

function sectionsOf(text: string, headings: readonly Heading[]): readonly Section[] {
  const first = { above: [], title: undefined, body: text.slice(0, headings[0]?.at).trim(), isParent: false };
  const open: { readonly level: number; readonly title: string }[] = [];
  return [
    first,
    ...headings.map(({ at, level }, place): Section => {
      const next = headings[place + 1];
      const part = text.slice(at, next?.at);
      const [line = ''] = part.split('\n', 1);
      while ((open.at(-1)?.level ?? 0) >= level) open.pop();
      const above = open.map(({ title }) => title);
      open.push({ level, title: line.trim() });
      return { above, title: line.trim(), body: part.slice(line.length).trim(), isParent: (next?.level ?? 0) > level };
    }),
  ];
}

function trailOf(titles: readonly string[], { maxTokens, maxCharacters, count }: Budget): string {
  for (let from = 0; from < titles.length; from++) {
    const trail = `${titles.slice(from).join(ARROW)}\n`;
    if (4 * count(trail) <= maxTokens && 4 * trail.length <= maxCharacters) return trail;
  }
  return '';
}
