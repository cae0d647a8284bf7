export * from './document-type.ts';
export * from './read-document.ts';
