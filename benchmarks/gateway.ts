import { parseKeyConfig, sealRequest } from '@cloister/channel';
import { sha256, systemRandom, toBase64url, toHex } from '@cloister/core';
import { parseEvidenceBundle, parseKeyset } from '@cloister/evidence';
import { type ChildProcess, startChild } from './gateway/child-process.ts';
import { printReport, type Row } from './report.ts';
import { median } from './median.ts';

// 64 streams of 200 events at the same time, through the gateway and through a plain reverse proxy in Node, in turns: the CPU
// time of each in its own process, and whether the gateway grows. The wire is drained unread, so that the client's
// work does not slow either of them down.

const STREAMS = 64;
const EVENTS = 200;
const ROUNDS = 6;
const WARM_UP = 4;
const BODY = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hello' }], stream: true });

type Drive = () => Promise<void>;

async function drain(response: Response): Promise<void> {
  if (response.status !== 200 || response.body === null) throw new Error(`status ${response.status}`);
  for await (const piece of response.body) void piece;
}

function createPlainDrive(url: string): Drive {
  return async () =>
    drain(
      await fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: BODY,
      }),
    );
}

async function createSealedDrive({ url, apiKey }: { readonly url: string; readonly apiKey: string }): Promise<Drive> {
  const evidence = await fetch(`${url}/.well-known/cloister/evidence?nonce=${toBase64url(systemRandom(32))}`);
  const { keyset } = parseEvidenceBundle(await evidence.text());
  const config = parseKeyConfig(parseKeyset(keyset).configs[0] ?? new Uint8Array(0));
  const target = `${url}/.well-known/ohttp-gateway?keyset=${toHex(sha256(keyset))}`;
  return async () => {
    const headers = [
      ['content-type', 'application/json'],
      ['authorization', `Bearer ${apiKey}`],
      ['date', new Date().toUTCString()],
      ['cloister-request-id', toBase64url(systemRandom(16))],
      ['cloister-cache-salt', toBase64url(systemRandom(16))],
    ] as const;
    const head = {
      method: 'POST',
      scheme: 'http',
      authority: new URL(url).host,
      path: '/v1/chat/completions',
      headers,
    };
    const sealed = await sealRequest(config, { head, body: new TextEncoder().encode(BODY) });
    const wire = await new Response(sealed.body as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer();
    await drain(
      await fetch(target, { method: 'POST', headers: { 'content-type': 'message/ohttp-chunked-req' }, body: wire }),
    );
  };
}

/** CPU microseconds of the child for each event of one round. */
async function measureRound(child: ChildProcess, drive: Drive): Promise<number> {
  const before = child.cpu();
  await Promise.all(Array.from({ length: STREAMS }, drive));
  return ((child.cpu() - before) * 1000) / (STREAMS * EVENTS);
}

async function measure(): Promise<Row[]> {
  await using engine = await startChild('event-engine-main.ts');
  await using proxy = await startChild('plain-proxy-main.ts', engine.line);
  await using gateway = await startChild('sealed-gateway-main.ts', engine.line);
  const plain = createPlainDrive(proxy.line);
  const sealed = await createSealedDrive(JSON.parse(gateway.line) as { url: string; apiKey: string });
  const [plainCosts, sealedCosts, resident]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const costs = [await measureRound(proxy, plain), await measureRound(gateway, sealed)] as const;
    if (round < WARM_UP) continue;
    plainCosts.push(costs[0]);
    sealedCosts.push(costs[1]);
    resident.push(gateway.resident());
  }
  const [value, baseline] = [median(sealedCosts), median(plainCosts)];
  const [first = Number.NaN, last = Number.NaN] = [resident[0], resident.at(-1)];
  return [
    {
      name: 'CPU of the gateway for each event, 64 streams of 200',
      value,
      unit: 'us',
      baseline,
      ratio: value / baseline,
    },
    {
      name: 'resident memory after the last round, against the first',
      value: last,
      unit: 'MiB',
      baseline: first,
      ratio: last / first,
    },
  ];
}

printReport('gateway', await measure());
