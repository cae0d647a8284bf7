export { createPinnedFetch } from './create-pinned-fetch.ts';
