import { isCloisterError, utf8 } from '@cloister/core';
import { auditError } from '../errors.ts';
import { createCheckpoint } from '../note/checkpoint.ts';
import type { Witness } from '../witness/create-witness-client.ts';
import type { Epoch } from './epoch-keys.ts';
import type { LogDirectory } from './log-directory.ts';
import type { OpenLog } from './open-log.ts';
import { publishTree } from './publish-tree.ts';
import { TILE_WIDTH, tilePath } from './tiles.ts';

/** A signed tree head and the leaves it covers. */
export interface Published {
  readonly note: string;
  readonly size: number;
}

/** Publishes tiles and checkpoints of an open log, one at a time, and removes what is kept no longer. */
export interface Publisher {
  /** Resolves to a checkpoint that covers everything stored when this was called. */
  publish(): Promise<Published>;
  /** A checkpoint on the side: when it fails, the events are stored all the same, and the next one asked for says so. */
  publishSoon(): void;
  /** The last checkpoint. */
  readonly published: Published | undefined;
  /** Resolves once nothing is under way. */
  idle(): Promise<void>;
}

/** How a log is published. */
export interface PublisherOptions {
  /** The key that signs besides the log's; nothing is published before there is one. */
  readonly epoch: () => Epoch | undefined;
  /** Segments that ended before this time may go. */
  readonly expiry: () => number;
  /** Others who remember the tree head. */
  readonly witnesses: readonly Witness[];
  /** How many of them must have signed a checkpoint before it counts. */
  readonly quorum: number;
  /** Stores the event that entries before `first` are removed. */
  readonly announceRemoval: (first: number) => Promise<unknown>;
  /** Called once they are gone. */
  readonly onRemoval: (first: number) => Promise<void>;
}

/** A publisher that goes on from what the directory holds. */
export function createPublisher(directory: LogDirectory, log: OpenLog, options: PublisherOptions): Publisher {
  const { tree, segments, key } = log;
  const origin = key.verifierKey.name;
  let { published } = log;
  let tiled = 0;
  let publishing: Promise<unknown> = Promise.resolve();
  let scheduled = false;

  function publish(): Promise<Published> {
    const result = publishing.then(publishNow);
    publishing = result.catch(() => undefined);
    return result;
  }

  async function publishNow(): Promise<Published> {
    const size = tree.size;
    const epoch = options.epoch();
    if (published?.size === size) return published;
    try {
      if (epoch === undefined) throw auditError('ERR_AUDIT_KEY');
      await publishTree(directory, log, { from: tiled, size });
      const note = await witness(
        await createCheckpoint({ origin, size, root: tree.root(size) }, key.signer, epoch.signer),
        size,
      );
      await directory.replace('checkpoint', utf8(note));
      [published, tiled] = [{ note, size }, size];
      return (await retain(size, epoch.index)) ? await publishNow() : published;
    } catch (error) {
      if (isCloisterError(error) && error.code === 'ERR_AUDIT_ROLLBACK') throw error;
      throw auditError('ERR_AUDIT_UNAVAILABLE', { subject: 'checkpoint', cause: error });
    }
  }

  /** Adds the signatures of the witnesses that answer. One that knows another history stops everything. */
  async function witness(checkpoint: string, size: number): Promise<string> {
    const prove = (seen: number): readonly Uint8Array[] => tree.consistencyProof(seen, size);
    const asked = options.witnesses.map((each) => each.cosign({ checkpoint, size, prove }));
    const answers = await Promise.allSettled(asked);
    const lines: string[] = [];
    for (const answer of answers) {
      if (answer.status === 'fulfilled') lines.push(answer.value);
      else if (isCloisterError(answer.reason) && answer.reason.code === 'ERR_AUDIT_ROLLBACK') throw answer.reason;
    }
    if (lines.length < options.quorum) throw auditError('ERR_AUDIT_WITNESS', { detail: { signed: lines.length } });
    return checkpoint + lines.join('');
  }

  /**
   * Removes whole segments that are old enough. The bundle at the cut must be full and published before: what is in it
   * cannot be gathered again. The event of the epoch that signed stays.
   */
  async function retain(size: number, epoch: number): Promise<boolean> {
    const first = segments.expired(options.expiry());
    if (first === undefined || first > epoch || Math.ceil(first / TILE_WIDTH) * TILE_WIDTH > size) return false;
    await options.announceRemoval(first);
    const from = segments.first;
    await segments.removeBefore(first);
    await removeBundles(directory, from, first);
    await options.onRemoval(first);
    return true;
  }

  return {
    publish,
    publishSoon() {
      if (scheduled) return;
      scheduled = true;
      void publish()
        .catch(() => undefined)
        .then(() => (scheduled = false));
    },
    get published() {
      return published;
    },
    async idle() {
      await publishing;
    },
  };
}

/** Removes the bundles that hold nothing but entries of `[from, first)`. */
async function removeBundles(directory: LogDirectory, from: number, first: number): Promise<void> {
  for (let start = Math.floor(from / TILE_WIDTH) * TILE_WIDTH; start + TILE_WIDTH <= first; start += TILE_WIDTH) {
    await directory.remove(tilePath('entries', start / TILE_WIDTH));
  }
}
