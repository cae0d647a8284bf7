import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundleVerifier } from '../generated/bundle-verifier.ts';
import { generateEncoder } from '../generated/generate-encoder.ts';
import { findDependencyProblems } from './dependencies.ts';
import { renderErrorReference } from './error-reference.ts';
import { renderHipaaReference } from './hipaa-reference.ts';
import { renderEvidenceReference } from './evidence-reference.ts';

/** Every generated document or source by path; `undefined` where the repository has nothing to make it from. */
function renderDocs(root: string): readonly (readonly [path: string, text: string])[] {
  const documents: readonly (readonly [string, string | undefined])[] = [
    ['docs/reference/errors.md', renderErrorReference(root).text],
    ['docs/reference/evidence-codes.md', renderEvidenceReference(root)],
    ['docs/hipaa.md', existsSync(join(root, 'packages/redaction/src/hipaa.ts')) ? renderHipaaReference() : undefined],
    ...renderSources(root),
  ];
  return documents.flatMap(([path, text]) => (text === undefined ? [] : [[path, text] as const]));
}

/** What is written into `audit`: the encoder of its events, and the verifier that auditors read as one file. */
function renderSources(root: string): readonly (readonly [path: string, text: string])[] {
  const formatter = join(root, 'node_modules/.bin/oxfmt');
  if (!existsSync(join(root, 'packages/audit/src')) || !existsSync(formatter)) return [];
  const sources = [
    ['packages/audit/src/events/write-event.ts', generateEncoder()],
    ['packages/audit/verify-log.mjs', bundleVerifier()],
  ] as const;
  return sources.map(([path, input]) => {
    const options = { input, encoding: 'utf8', cwd: root } as const;
    return [path, execFileSync(formatter, ['--stdin-filepath', path], options)];
  });
}

/** One line for each document that has fallen behind the source it is made from. */
export function findDocsProblems(root: string): readonly string[] {
  const stale = renderDocs(root)
    .filter(([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text)
    .map(([path]) => `${path} is out of date`);
  return [...renderErrorReference(root).problems, ...stale, ...findDependencyProblems(root)];
}

/** Writes the generated documents anew; gives their paths back. */
export function writeDocs(root: string): readonly string[] {
  const documents = renderDocs(root);
  for (const [path, text] of documents) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return documents.map(([path]) => path);
}
