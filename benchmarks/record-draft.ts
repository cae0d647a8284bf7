import type { PlainRecord } from '../packages/retriever/src/record/seal-record.ts';

/** What the records of benches have in common: everything but document, text and vector. */
export const RECORD_DRAFT: Omit<PlainRecord, 'document' | 'text' | 'values'> = {
  label: 'internal',
  acl: ['all'],
  compartments: [],
  retention: null,
  chunk: 0,
  chunks: 1,
  cells: [],
  version: 1_800_000_000_000,
  embedder: 'bench',
  content: '0'.repeat(64),
};
