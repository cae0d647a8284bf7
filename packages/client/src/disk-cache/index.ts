export { createDiskCache } from './create-disk-cache.ts';
