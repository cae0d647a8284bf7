import { AEAD, createReceiver, createReceiverKey, KEM, parseKeyConfig, sealRequest } from '@cloister/channel';
import {
  type CipherSuite,
  deriveResponseKeys,
  encryptChunk,
  EXPORT_LABEL,
  EXPORT_LENGTH,
  HPKE_REQUEST_INFO,
  Identity,
} from 'ehbp';
import { printReport, type Row } from './report.ts';
import { createSamples } from './samples.ts';

// What sealing costs a client: seal a request of 2 KB and open its answer of 2 KB, each suite against ehbp, which seals
// bodies alone (method, path and headers stay in clear). The peer runs between our suites, so that drift hits both; the
// server's half is not timed. Then 1 GiB through one
// exchange: the process is as large at its peak as with a quarter of that.

const ROUNDS = 400;
const WARM_UP = 100;
const BODY = new TextEncoder().encode('x'.repeat(2048));
const PEER = 'ehbp 0.1.7';

type Exchange = () => Promise<number>;

async function drain(stream: ReadableStream<Uint8Array> | null): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>> | null).arrayBuffer());
}

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new Response(bytes.slice()).body as ReadableStream<Uint8Array>;
}

/** Our client's milliseconds for one exchange. */
async function createOurs(kem: number, aead: number): Promise<Exchange> {
  const key = await createReceiverKey({ kem, suites: [{ kdf: 1, aead }] });
  const config = parseKeyConfig(key.config);
  const receiver = createReceiver([key]);
  const headers = [['content-type', 'application/json']] as const;
  const head = { method: 'POST', scheme: 'https', authority: 'enclave.test', path: '/v1/chat/completions', headers };
  return async () => {
    const start = performance.now();
    const sealed = await sealRequest(config, { head, body: BODY });
    const wire = await drain(sealed.body);
    const sealing = performance.now() - start;

    const opened = await receiver.openRequest(streamOf(wire));
    await drain(opened.body);
    const answer = streamOf(await drain(opened.sealResponse({ head: { status: 200, headers }, body: BODY })));

    const resumed = performance.now();
    const response = await sealed.openResponse(answer);
    if ((await drain(response.body)).length !== BODY.length) throw new Error('the answer is not whole');
    return sealing + performance.now() - resumed;
  };
}

/** The peer's client, the same way. */
async function createPeer(): Promise<Exchange> {
  const server = await Identity.generate();
  const client = await Identity.fromPublicKeyHex(await server.getPublicKeyHex());
  const { suite } = server as unknown as { readonly suite: CipherSuite };
  return async () => {
    const start = performance.now();
    const request = new Request('https://enclave.test/v1/chat/completions', { method: 'POST', body: BODY.slice() });
    const sealed = await client.encryptRequestWithContext(request);
    await drain(sealed.request.body);
    const sealing = performance.now() - start;
    if (sealed.context === null) throw new Error('the peer did not seal');

    const info = new TextEncoder().encode(HPKE_REQUEST_INFO);
    const recipient = await suite.SetupRecipient(server.getPrivateKey(), sealed.context.requestEnc, { info });
    const secret = await recipient.Export(new TextEncoder().encode(EXPORT_LABEL), EXPORT_LENGTH);
    const nonce = crypto.getRandomValues(new Uint8Array(32));
    const keys = await deriveResponseKeys(secret, sealed.context.requestEnc, nonce);
    const chunk = await encryptChunk(keys, 0, BODY);
    const wire = new Uint8Array(4 + chunk.length);
    new DataView(wire.buffer).setUint32(0, chunk.length);
    wire.set(chunk, 4);
    const response = new Response(wire, { headers: { 'Ehbp-Response-Nonce': Buffer.from(nonce).toString('hex') } });

    const resumed = performance.now();
    const opened = await client.decryptResponseWithContext(response, sealed.context);
    if ((await drain(opened.body)).length !== BODY.length) throw new Error('the answer is not whole');
    return sealing + performance.now() - resumed;
  };
}

async function measure(): Promise<Row[]> {
  const exchanges = new Map<string, Exchange>([[PEER, await createPeer()]]);
  for (const [kemName, kem] of Object.entries(KEM)) {
    for (const [aeadName, aead] of Object.entries(AEAD)) {
      if (aead !== AEAD.exportOnly) exchanges.set(`${kemName} ${aeadName}`, await createOurs(kem, aead));
    }
  }
  const samples = createSamples();
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    if (round === 0) samples.clear();
    for (const [name, exchange] of exchanges) samples.add(name, await exchange());
  }
  const baseline = samples.median(PEER);
  return [...exchanges.keys()].map((name) => {
    const value = samples.median(name);
    const named = `seal 2 KB and open the answer, p50: ${name}`;
    return name === PEER
      ? { name: named, value, unit: 'ms' }
      : { name: named, value, unit: 'ms', baseline, ratio: value / baseline };
  });
}

/** MiB of the process at its peak while an exchange carries `size` bytes in pieces of 64 KiB. */
async function measurePeak(size: number): Promise<number> {
  const key = await createReceiverKey();
  const piece = new Uint8Array(65_536);
  let left = size;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (left <= 0) return controller.close();
      left -= piece.length;
      controller.enqueue(piece);
    },
  });
  const head = { method: 'POST', scheme: 'https', authority: 'enclave.test', path: '/upload', headers: [] };
  const sealed = await sealRequest(parseKeyConfig(key.config), { head, body });
  const limits = { contentBytes: size };
  const opened = await createReceiver([key], { limits }).openRequest(sealed.body);
  let peak = 0;
  let count = 0;
  for await (const chunk of opened.body as unknown as AsyncIterable<Uint8Array>) {
    count += chunk.length;
    if (count % (1 << 24) < chunk.length) peak = Math.max(peak, process.memoryUsage().rss);
  }
  if (count !== size) throw new Error('the body is not whole');
  return peak / 2 ** 20;
}

async function measureMemory(): Promise<Row> {
  const baseline = await measurePeak(2 ** 28);
  const value = await measurePeak(2 ** 30);
  return {
    name: 'resident memory at its peak, 1 GiB against 256 MiB',
    value,
    unit: 'MiB',
    baseline,
    ratio: value / baseline,
  };
}

printReport('channel', [...(await measure()), await measureMemory()]);
