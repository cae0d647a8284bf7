import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEd25519Signer, createReceipt, createTranscript, type Ed25519Signer } from '@cloister/audit';
import { createReceiver, createReceiverKey, type OpenedRequest } from '@cloister/channel';
import { fromHex, sha256, systemRandom, toHex } from '@cloister/core';
import {
  createNonceRoot,
  createReportData,
  encodeEvidenceBundle,
  encodeKeyset,
  type TdxEvidencePolicy,
} from '@cloister/evidence';
import { createSimulatedTee, type SimulatedTee } from '@cloister/simulator/tee';

/** What a gateway knows when it writes a receipt. */
export interface ReceiptMaterial {
  readonly opened: OpenedRequest;
  readonly signer: Ed25519Signer;
  readonly keyset: Uint8Array;
  readonly deployment: Uint8Array;
  readonly requestDigest: Uint8Array;
  readonly responseDigest: Uint8Array;
}

/** A gateway with good evidence whose receipts are what a test makes them. */
export interface LyingGateway extends AsyncDisposable {
  readonly url: string;
  readonly tee: SimulatedTee;
  readonly policy: TdxEvidencePolicy;
}

/** The text that every answer of the lying gateway holds. */
export const EVENTS = 'data: {"choices":[]}\n\ndata: [DONE]\n\n';

/** Signs an honest receipt; `change` replaces fields before it is signed. */
export async function signReceipt(material: ReceiptMaterial, change: object = {}): Promise<string> {
  const { opened, signer, ...rest } = material;
  const headers = new Map(opened.head.headers);
  const claim = (name: string): Uint8Array => fromHex(headers.get(`cloister-${name}-digest`) ?? '');
  const claimed = { evidence: claim('evidence'), policy: claim('policy') };
  const k = await opened.exportSecret('cloister/receipt/v1', 32);
  const times = { startedAt: Date.now(), endedAt: Date.now() };
  const fields = {
    k,
    enc: opened.enc,
    wirePolicy: new Uint8Array(32),
    ...rest,
    keyset: sha256(rest.keyset),
    ...times,
    claimed,
    ...change,
  };
  return createReceipt(fields, (message) => signer.sign(message));
}

/** How answers are made and sent. */
export interface LyingGatewayOptions {
  /** The pieces of every answer, one sealed chunk each. */
  readonly pieces?: readonly string[];
  /** Sends a sealed answer; whole unless said. */
  readonly send?: (response: ServerResponse, sealed: ReadableStream<Uint8Array>) => Promise<void>;
}

/** Starts it. @param trailers the trailers of every answer */
export async function startLyingGateway(
  trailers: (material: ReceiptMaterial) => Promise<readonly (readonly [string, string])[]>,
  { pieces = [EVENTS], send = sendWhole }: LyingGatewayOptions = {},
): Promise<LyingGateway> {
  const tee = await createSimulatedTee();
  const key = await createReceiverKey();
  const signer = await createEd25519Signer();
  const deployment = systemRandom(32);
  const now = Date.now();
  const keyset = encodeKeyset({
    version: 1,
    configs: [key.config],
    receiptKey: signer.publicKey,
    deployment,
    notBefore: now,
    notAfter: now + 3_600_000,
  });
  const evidence = async (nonce: Uint8Array): Promise<string> => {
    const { root, proofs } = createNonceRoot([nonce]);
    const [nonceProof] = proofs;
    if (nonceProof === undefined) throw new Error('no proof');
    const cpu = await tee.provider.collect(createReportData({ nonceRoot: root, keyset, gpus: [] }));
    return encodeEvidenceBundle({ version: 1, nonce, nonceProof, keyset, cpu, gpus: [], collateral: tee.collateral });
  };
  const answer = async (body: ReadableStream<Uint8Array>): Promise<ReadableStream<Uint8Array>> => {
    const opened = await createReceiver([key]).openRequest(body);
    const requestTranscript = createTranscript(opened.head);
    for await (const piece of opened.body) requestTranscript.update(piece);
    const head = { status: 200, headers: [['content-type', 'text/event-stream']] as const };
    const responseTranscript = createTranscript(head);
    const content = pieces.map((piece) => Buffer.from(piece));
    for (const piece of content) responseTranscript.update(piece);
    const digests = { requestDigest: requestTranscript.digest(), responseDigest: responseTranscript.digest() };
    const material = { opened, signer, keyset, deployment, ...digests };
    return opened.sealResponse({ head, body: streamOf(content), trailers: () => trailers(material) });
  };
  const server = createServer((request, response) => {
    const nonce = new URL(request.url ?? '/', 'http://x').searchParams.get('nonce');
    const work = async (): Promise<void> => {
      const bytes = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
      response.setHeader('content-type', nonce === null ? 'message/ohttp-chunked-res' : 'application/json');
      if (nonce !== null) return void response.end(await evidence(Buffer.from(nonce, 'base64url')));
      await send(response, await answer(new Blob([bytes]).stream()));
    };
    work().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tee,
    policy: { tee: 'tdx', workload: tee.workload, deployment: toHex(deployment) },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function sendWhole(response: ServerResponse, sealed: ReadableStream<Uint8Array>): Promise<void> {
  for await (const piece of sealed) response.write(piece);
  response.end();
}

function streamOf(pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  const rest = pieces.values();
  return new ReadableStream({
    pull(controller) {
      const { done, value } = rest.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
  });
}
