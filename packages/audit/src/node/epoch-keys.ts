import { sha256, toHex } from '@cloister/core';
import { createEd25519Signer } from '../create-ed25519-signer.ts';
import type { Ed25519Signer } from '../create-ed25519-signer.ts';
import { encodeEpochStatement } from '../epoch/epoch-statement.ts';
import type { EpochStatement } from '../epoch/epoch-statement.ts';
import { auditError } from '../errors.ts';
import type { AuditEventFields } from '../events/create-audit-event.ts';
import type { MerkleTree } from '../merkle/create-merkle-tree.ts';
import { evidenceName } from './epochs.ts';
import type { LogDirectory } from './log-directory.ts';
import type { LogKey } from './log-key.ts';

/**
 * Gives the evidence that binds an epoch's key to the enclave, as bytes that are kept beside the log.
 * @param at milliseconds since the epoch
 */
export type AttestEpoch = (statement: EpochStatement, at: number) => Promise<Uint8Array>;

/** The key in use. */
export interface Epoch {
  readonly number: number;
  /** Index of the event that began it. */
  readonly index: number;
  readonly startedAt: number;
  readonly signer: Ed25519Signer;
}

/** What keys of epochs are made with. */
export interface EpochKeysOptions {
  readonly key: LogKey;
  /** The epochs that the log holds, in order. */
  readonly known: readonly Pick<Epoch, 'number' | 'index'>[];
  readonly attest?: AttestEpoch | undefined;
  /** Milliseconds after which a key is replaced. */
  readonly epochAge: number;
}

/**
 * Makes the key of each epoch: fresh, in memory alone and forgotten with the next one, certified by the log's key and, where
 * there is a way to attest, bound to the enclave.
 */
export class EpochKeys {
  readonly #directory: LogDirectory;
  readonly #options: EpochKeysOptions;
  readonly #known: Pick<Epoch, 'number' | 'index'>[];
  #current: Epoch | undefined;

  constructor(directory: LogDirectory, options: EpochKeysOptions) {
    this.#directory = directory;
    this.#options = options;
    this.#known = [...options.known];
  }

  /** The key that signs; there is none before the first `use`. */
  get current(): Epoch | undefined {
    return this.#current;
  }

  /** Whether the key in use is too old, or the clock went back behind its beginning. */
  isOver(now: number): boolean {
    if (this.#current === undefined) return false;
    return now < this.#current.startedAt || now - this.#current.startedAt >= this.#options.epochAge;
  }

  /** Makes the next key. The event that says so must be stored right behind the tree as it is; then `use` the key. */
  async begin(tree: MerkleTree, now: number): Promise<{ readonly fields: AuditEventFields; readonly epoch: Epoch }> {
    const { key, attest } = this.#options;
    const number = (this.#known.at(-1)?.number ?? 0) + 1;
    const signer = await createEd25519Signer();
    const [index, root] = [tree.size, tree.root()];
    const { publicKey } = signer;
    const statement = { origin: key.verifierKey.name, epoch: number, publicKey, size: index, root };
    const evidence = attest === undefined ? undefined : await this.#attest(attest, statement, now);
    const fields: AuditEventFields = {
      type: 'audit.epoch',
      outcome: 'allow',
      epoch: number,
      key: toHex(publicKey),
      size: index,
      root: toHex(root),
      certificate: toHex(await key.signer.sign(encodeEpochStatement(statement))),
      ...(evidence === undefined ? {} : { evidence: toHex(sha256(evidence)) }),
    };
    return { fields, epoch: { number, index, startedAt: now, signer } };
  }

  async #attest(attest: AttestEpoch, statement: EpochStatement, now: number): Promise<Uint8Array> {
    try {
      const evidence = await attest(statement, now);
      await this.#directory.replace(evidenceName(statement.epoch), evidence);
      return evidence;
    } catch (error) {
      throw auditError('ERR_AUDIT_UNAVAILABLE', { subject: 'evidence', cause: error });
    }
  }

  /** Forgets the key before it. */
  use(epoch: Epoch): void {
    this.#current = epoch;
    this.#known.push({ number: epoch.number, index: epoch.index });
  }

  /** Removes the evidence of epochs whose events were removed. */
  async removeBefore(first: number): Promise<void> {
    while ((this.#known[0]?.index ?? first) < first) {
      const [epoch] = this.#known.splice(0, 1);
      if (epoch !== undefined) await this.#directory.remove(evidenceName(epoch.number));
    }
  }
}
