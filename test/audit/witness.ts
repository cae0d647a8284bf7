import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  cosignedMessage,
  createEd25519Signer,
  parseNote,
  verifyCheckpoint,
  verifyConsistency,
  type Checkpoint,
  type VerifierKey,
} from '@cloister/audit';
import { bigEndian, concat, fromBase64, sha256, toBase64, toHex, utf8 } from '@cloister/core';

/** A witness on loopback, as C2SP tlog-witness describes one. */
export interface FakeWitness extends AsyncDisposable {
  readonly url: string;
  readonly verifierKey: string;
  /** Answers with this status from now on; `undefined` for honest answers. */
  answer: number | undefined;
}

/** Starts a witness for one log, whose key it gets. */
export async function startWitness(log: () => Promise<VerifierKey>): Promise<FakeWitness> {
  const name = 'witness.example/one';
  const signer = await createEd25519Signer();
  const key = concat(Uint8Array.of(4), signer.publicKey);
  const id = sha256(concat(utf8(`${name}\n`), key)).subarray(0, 4);
  let seen: Checkpoint | undefined;

  async function judge(body: string): Promise<{ status: number; text: string }> {
    const end = body.indexOf('\n\n');
    const [old = '', ...lines] = body.slice(0, end).split('\n');
    const note = body.slice(end + 2);
    const checkpoint = await verifyCheckpoint(note, await log());
    const size = Number(old.replace('old ', ''));
    if (size !== (seen?.size ?? 0)) return { status: 409, text: `${seen?.size ?? 0}\n` };
    if (seen !== undefined) {
      const proof = lines.filter((line) => line !== '').map((line) => fromBase64(line));
      try {
        const { size: size2, root: root2 } = checkpoint;
        verifyConsistency({ size1: seen.size, root1: seen.root, size2, root2, proof });
      } catch {
        return { status: 422, text: '' };
      }
    }
    seen = checkpoint;
    const time = Math.floor(Date.now() / 1000);
    const signature = await signer.sign(cosignedMessage(parseNote(note).text, time));
    return { status: 200, text: `— ${name} ${toBase64(concat(id, bigEndian(time, 8), signature))}\n` };
  }

  const server = createServer((request, response) => {
    void text(request)
      .then(judge)
      .then((answer) => response.writeHead(witness.answer ?? answer.status).end(answer.text));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const witness: FakeWitness = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    verifierKey: `${name}+${toHex(id)}+${toBase64(key)}`,
    answer: undefined,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return witness;
}
