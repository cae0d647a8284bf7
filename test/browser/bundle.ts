import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const ROOT = new URL('../../', import.meta.url);

/** A module and all that it imports as one minified module for browsers. @param path from the root of the repository */
export async function bundle(path: string): Promise<string> {
  const { output } = await build({
    input: fileURLToPath(new URL(path, ROOT)),
    platform: 'browser',
    write: false,
    logLevel: 'silent',
    output: { format: 'esm', minify: true, codeSplitting: false },
  });
  return output[0].code;
}
