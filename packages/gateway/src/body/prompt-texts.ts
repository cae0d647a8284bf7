import type { JsonMember, TextVisitor } from './scan-json-object.ts';

/** Where the texts stand that become the prompt: chat, completions and embeddings, responses. */
const PLACES: readonly string[] = [
  'messages/[]/content',
  'messages/[]/content/[]/text',
  'prompt',
  'prompt/[]',
  'input',
  'input/[]',
  'input/[]/content',
  'input/[]/content/[]/text',
  'instructions',
];
const DEEPEST = 4;

/** Collects the places of a request's prompt texts while its outline is read. */
export function collectPromptTexts(): { readonly places: readonly JsonMember[]; readonly visit: TextVisitor } {
  const places: JsonMember[] = [];
  return {
    places,
    visit(path, step, place) {
      if (path.length <= DEEPEST && PLACES.includes([...path, step].join('/'))) places.push(place);
    },
  };
}
