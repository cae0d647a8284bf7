import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fromHex } from '@cloister/core';

/** KEMs by the names that the peers know. */
export const KEM_NAMES = { x25519: 0x20, p256: 0x10, xwing: 0x647a } as const;

/** The name of a KEM. */
export type KemName = keyof typeof KEM_NAMES;

/**
 * `chacha-response-nonce`: panics on a chunked response under ChaCha20-Poly1305.
 * `chunks-above-4096`: its server refuses chunks that the draft obliges it to accept (up to 16,384 bytes).
 * `whole-answers`: its server answers a whole request by a chunked response once the body is a large one.
 */
export type Defect = 'chacha-response-nonce' | 'chunks-above-4096' | 'whole-answers';

/** A third-party implementation behind the command line that both wrappers share. */
export interface Peer {
  readonly name: string;
  readonly path: string;
  /** AEAD ids that it has. */
  readonly aeads: readonly number[];
  /** What this peer gets wrong, by name, so that nobody mistakes it for ours. */
  readonly defects: readonly Defect[];
}

function givenPeer(name: string, variable: string, peer: Pick<Peer, 'aeads' | 'defects'>): Peer[] {
  const path = process.env[variable];
  return path === undefined ? [] : [{ name, path, ...peer }];
}

/** The peers that the environment names: none, unless somebody built them. */
export const PEERS: readonly Peer[] = [
  ...givenPeer('martinthomson/ohttp', 'CLOISTER_OHTTP_RUST', { aeads: [1, 3], defects: ['chacha-response-nonce'] }),
  ...givenPeer('openpcc/ohttp', 'CLOISTER_OHTTP_GO', {
    aeads: [1, 2, 3],
    defects: ['chunks-above-4096', 'whole-answers'],
  }),
];

/** A peer's server on loopback. */
export interface PeerServer {
  readonly url: string;
  /** Its key list (RFC 9458 section 3.2). */
  readonly keys: Uint8Array;
  close(): Promise<void>;
}

/** Starts a peer's server on a free port. */
export async function startPeer({ path, aeads }: Peer, kem: KemName): Promise<PeerServer> {
  const suites = aeads.map((aead) => `1:${aead}`).join(',');
  const child = spawn(path, ['server', '--port', '0', '--kem', kem, '--suites', suites], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { listening, keys } = JSON.parse(line) as { readonly listening: string; readonly keys: string };
  return {
    url: `http://${listening}/`,
    keys: fromHex(keys),
    async close() {
      child.kill();
      await once(child, 'exit');
    },
  };
}

/** Runs a peer's client to its end: exit code and output. */
export async function runPeer({ path }: Peer, args: readonly string[]): Promise<{ code: number; output: string }> {
  const child = spawn(path, ['client', ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}
