/** The arrows of the data flow, in order (DESIGN, first page). */
export type ArrowName = 'evidence' | 'retrieval' | 'redaction' | 'prompt' | 'session' | 'channel' | 'answer' | 'audit';
