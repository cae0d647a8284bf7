import type { Heading } from '../heading.ts';

/** The part of a document that is ingested: `retriever.ingest(tenant, [{ id, ...content, label, acl }])`. */
export interface DocumentContent {
  /** Blocks of text, parted by empty lines. */
  readonly text: string;
  readonly headings: readonly Heading[];
}
