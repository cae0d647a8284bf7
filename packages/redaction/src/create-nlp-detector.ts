import type { DetectionType } from './types.ts';
import type { Finding, RedactionDetector } from './detector.ts';

/** What is used of a document of the library. */
interface NlpDocument {
  people(): NlpView;
  places(): NlpView;
  organizations(): NlpView;
}

interface NlpView {
  json(options: { readonly offset: true }): readonly {
    readonly text: string;
    readonly offset?: { readonly start: number };
  }[];
}

/** The default export of the npm package `compromise`, version 14. */
export type NlpLibrary = (text: string) => NlpDocument;

const SCORE = 0.5;
const BORDER = /^[^\p{L}\p{N}]{1,8}|[^\p{L}\p{N}]{1,8}$/gu;

/**
 * Names, places and organisations by the grammar of English, with a library that the caller brings along:
 * `createRedactor({ detectors: [createNlpDetector(nlp)] })` with `import nlp from 'compromise'`. It answers at once, so that
 * `redactSync` takes it. It finds more than the rules alone and hides more of what is no name; its time is the library's.
 */
export function createNlpDetector(nlp: NlpLibrary): RedactionDetector {
  return {
    id: 'compromise',
    detect(text) {
      const document = nlp(text);
      return [
        ...find(text, document.people(), 'PERSON'),
        ...find(text, document.places(), 'LOCATION'),
        ...find(text, document.organizations(), 'ORGANIZATION'),
      ];
    },
  };
}

function find(text: string, view: NlpView, type: DetectionType): Finding[] {
  return view.json({ offset: true }).flatMap(({ text: written, offset }) => {
    const own = written.replace(BORDER, '');
    const from = offset?.start ?? -1;
    // The library counts its own way behind some characters: only a place where the words stand counts.
    const start = from < 0 || own === '' ? -1 : text.indexOf(own, from);
    return start < 0 || start > from + 8
      ? []
      : [{ type, start, end: start + own.length, score: SCORE, verified: false }];
  });
}
