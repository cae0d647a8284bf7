import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where verified files are kept: `CLOISTER_CACHE`, else `cloister` in the XDG cache folder, each with `models` in it. */
export function defaultCacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const explicit = environment['CLOISTER_CACHE'];
  const xdg = environment['XDG_CACHE_HOME'];
  return join(explicit || join(xdg || join(homedir(), '.cache'), 'cloister'), 'models');
}
