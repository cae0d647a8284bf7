import { Buffer } from 'node:buffer';
import { basename, dirname } from 'node:path';

/** A hook that runs inside the fake kernel, to play another process or a failing one. */
export type ConfigfsHook = (operation: 'write' | 'read', attribute: string, entry: FakeEntry) => void;

/** What the fake kernel does. */
export interface FakeConfigfsOptions {
  /** The folder that it pretends to be. Default `/sys/kernel/config/tsm/report`. */
  readonly root?: string;
  /** The name of the driver. Default `tdx_guest`. */
  readonly driver?: string;
  /** Evidence for 64 bytes of report data. */
  readonly issue: (reportData: Uint8Array) => Promise<Uint8Array> | Uint8Array;
  /** The certificate table of an extended report; without it the attribute does not exist. */
  readonly auxiliary?: Uint8Array;
  readonly hook?: ConfigfsHook;
}

/** One entry of the report folder. */
export interface FakeEntry {
  /** Rises with every write, as the kernel's does. */
  generation: number;
  inblob: Uint8Array;
  privilegeLevel: number | undefined;
}

/** A report folder with the four calls that the provider makes. */
export interface FakeConfigfs {
  mkdir(path: string): Promise<void>;
  rmdir(path: string): Promise<void>;
  read(path: string): Promise<Uint8Array>;
  write(path: string, value: Uint8Array): Promise<void>;
  /** Entries that were made and not removed. */
  readonly entries: ReadonlyMap<string, FakeEntry>;
}

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code, syscall: 'fake' });
}

/**
 * Behaves like the kernel's configfs-tsm: attributes appear with the entry, every write raises `generation`, `inblob` takes
 * 1 to 64 bytes, `outblob` is computed when it is read and refused before `inblob` was written, modes are enforced.
 */
export function createFakeConfigfs(options: FakeConfigfsOptions): FakeConfigfs {
  const {
    root = '/sys/kernel/config/tsm/report',
    driver = 'tdx_guest',
    issue,
    auxiliary,
    hook = () => undefined,
  } = options;
  const entries = new Map<string, FakeEntry>();
  const open = (path: string): FakeEntry => {
    const entry = entries.get(dirname(path));
    if (entry === undefined) throw systemError('ENOENT');
    return entry;
  };
  const readers: Readonly<Record<string, (entry: FakeEntry) => Promise<Uint8Array> | Uint8Array>> = {
    provider: () => Buffer.from(`${driver}\n`),
    generation: ({ generation }) => Buffer.from(`${generation}\n`),
    outblob: ({ inblob }) => {
      if (inblob.length === 0) throw systemError('EINVAL');
      return issue(inblob);
    },
    ...(auxiliary === undefined ? {} : { auxblob: () => auxiliary }),
  };
  return {
    entries,
    async mkdir(path) {
      if (dirname(path) !== root) throw systemError('ENOENT');
      if (entries.has(path)) throw systemError('EEXIST');
      entries.set(path, { generation: 0, inblob: new Uint8Array(0), privilegeLevel: undefined });
    },
    async rmdir(path) {
      if (!entries.delete(path)) throw systemError('ENOENT');
    },
    async read(path) {
      const entry = open(path);
      hook('read', basename(path), entry);
      const reader = readers[basename(path)];
      if (reader === undefined) throw systemError(isWritable(basename(path)) ? 'EACCES' : 'ENOENT');
      return reader(entry);
    },
    async write(path, value) {
      const entry = open(path);
      hook('write', basename(path), entry);
      writeAttribute(entry, basename(path), value);
    },
  };
}

function isWritable(attribute: string): boolean {
  return attribute === 'inblob' || attribute === 'privlevel';
}

function writeAttribute(entry: FakeEntry, attribute: string, value: Uint8Array): void {
  if (!isWritable(attribute)) throw systemError('EACCES');
  if (attribute === 'inblob') {
    if (value.length === 0 || value.length > 64) throw systemError('EINVAL');
    entry.inblob = value.slice();
  } else {
    const level = Number(Buffer.from(value).toString());
    if (!(level >= 0 && level <= 3)) throw systemError('EINVAL');
    entry.privilegeLevel = level;
  }
  entry.generation++;
}
