import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createAuditEvent, createPseudonymizer } from '@cloister/audit';
import { auditLog, type AuditLog } from '@cloister/audit/node';
import { canonicalJson, utf8, type AuditEvent } from '@cloister/core';
import { createDelayedFiles } from './audit/delayed-files.ts';
import { openHashChain, openPino, type EventStore } from './audit/peers.ts';
import { writeEvent } from '../packages/audit/src/events/write-event.ts';
import { printReport, type Row } from './report.ts';
import { median } from './median.ts';

// Durable events per second against two ways in which people keep such a log: rows of sqlite chained by their hashes (WAL,
// synchronous FULL, one row a transaction) and pino with an fsync for each line. Then with 2 ms added to every sync, as a
// disk without a cache has; what strict mode adds before the first byte; how fast the verifier reads; and what the generated
// encoder saves.

const MILLISECONDS = 1000;
const SYNC_DELAY = 2;
const ROUNDS = 3;

const directory = await mkdtemp(join(tmpdir(), 'cloister-bench-'));
const refer = createPseudonymizer(crypto.getRandomValues(new Uint8Array(32)));
const tenant = refer('tenant', 'st-mary');
const actor = refer('actor', 'dr-jones');
const request = refer('request', 'one');
let counter = 0;
const fresh = (): string => join(directory, String(counter++));

function createEvent(): AuditEvent {
  return createAuditEvent({
    type: 'retrieval.query',
    outcome: 'allow',
    tenant,
    actor,
    request,
    collection: 'notes',
    mode: 'sealed',
    rollback: 'checked',
    limit: 5,
    scanned: 30,
    returned: 5,
    refusedByAcl: 0,
    refusedByStore: 0,
    ms: 3,
  });
}

function openLog(delay: number): AuditLog {
  const log = auditLog(fresh(), {
    maxWait: 10_000,
    checkpointEvery: 10_000,
    ...(delay === 0 ? {} : { files: createDelayedFiles(delay) }),
  });
  log.register({ collection: ['notes'] });
  return log;
}

/** Events per second of so many callers, each of which waits for its event. */
async function measure(callers: number, store: (event: AuditEvent) => Promise<unknown>): Promise<number> {
  await store(createEvent());
  const start = performance.now();
  let done = 0;
  const call = async (): Promise<void> => {
    while (performance.now() - start < MILLISECONDS) {
      await store(createEvent());
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  return (done * 1000) / (performance.now() - start);
}

async function compare(callers: number, delay: number): Promise<Row[]> {
  const rates = { ours: [] as number[], sqlite: [] as number[], pino: [] as number[] };
  // In turns, so that no side is measured on the faster half of a minute, or before its code is compiled.
  for (let round = -1; round < ROUNDS; round++) {
    const measured = {
      ours: await measureOurs(callers, delay),
      sqlite: await measurePeer(callers, openHashChain(fresh(), delay)),
      pino: await measurePeer(callers, openPino(fresh(), delay)),
    };
    if (round < 0) continue;
    for (const side of ['ours', 'sqlite', 'pino'] as const) rates[side].push(measured[side]);
  }
  const value = median(rates.ours);
  return [['hash-chained sqlite', median(rates.sqlite)] as const, ['pino with fsync', median(rates.pino)] as const].map(
    ([name, baseline]) => ({
      name: `${callers} callers${delay === 0 ? '' : `, ${delay} ms added to a sync`}, against ${name}`,
      value,
      unit: 'events/s',
      baseline,
      ratio: value / baseline,
    }),
  );
}

async function measureOurs(callers: number, delay: number): Promise<number> {
  await using log = openLog(delay);
  return await measure(callers, (event) => log.record(event));
}

async function measurePeer(callers: number, peer: EventStore): Promise<number> {
  try {
    return await measure(callers, async (event) => peer.store(JSON.stringify(event)));
  } finally {
    peer.close();
  }
}

/** What one caller waits for until its prompt may leave, beside a bare write and sync of the same bytes. */
async function measureFirstByte(delay: number): Promise<Row> {
  await using log = openLog(delay);
  const file = openSync(fresh(), 'a');
  const bytes = utf8(JSON.stringify(createEvent()));
  const [ours, bare]: [number[], number[]] = [[], []];
  for (let round = 0; round < 600; round++) {
    const start = performance.now();
    await log.record(createEvent());
    const between = performance.now();
    writeSync(file, bytes);
    fdatasyncSync(file);
    if (delay > 0) await sleep(delay);
    if (round < 100) continue;
    ours.push(between - start);
    bare.push(performance.now() - between);
  }
  closeSync(file);
  const [value, baseline] = [median(ours), median(bare)];
  const name = `added before the first byte, one caller${delay === 0 ? '' : `, ${delay} ms added to a sync`}`;
  return { name, value, unit: 'ms', baseline, ratio: value / baseline };
}

/** The canonical JSON of a checked event: the encoder made for the schema beside the one for any value. */
function measureEncoder(): Row {
  const events = Array.from({ length: 1000 }, createEvent);
  const time = (encode: (event: AuditEvent) => Uint8Array): number => {
    const rounds = Array.from({ length: 60 }, () => {
      const start = performance.now();
      for (const event of events) encode(event);
      return performance.now() - start;
    });
    return (median(rounds) * 1000) / events.length;
  };
  const [value, baseline] = [time((event) => utf8(writeEvent(event))), time((event) => canonicalJson(event))];
  return {
    name: 'an event encoded, against the encoder for any value',
    value,
    unit: 'us',
    baseline,
    ratio: value / baseline,
  };
}

/** The verifier in one file as its own process, start included. */
async function measureVerifier(): Promise<Row> {
  const path = fresh();
  const log = auditLog(path, { maxWait: 60_000, maxWaiting: 100_000, checkpointEvery: 100_000 });
  log.register({ collection: ['notes'] });
  for (let round = 0; round < 50; round++) {
    await Promise.all(Array.from({ length: 2000 }, () => log.record(createEvent())));
  }
  await log.close();
  const verifier = fileURLToPath(new URL('../packages/audit/verify-log.mjs', import.meta.url));
  const start = performance.now();
  const answer = execFileSync(process.execPath, [verifier, path, readFileSync(join(path, 'vkey'), 'utf8')]);
  const seconds = (performance.now() - start) / 1000;
  const { size } = JSON.parse(String(answer)) as { size: number };
  return { name: 'verifier in one file', value: size / seconds, unit: 'entries/s' };
}

try {
  const rows: Row[] = [];
  for (const delay of [0, SYNC_DELAY]) {
    for (const callers of [64, 1024]) rows.push(...(await compare(callers, delay)));
  }
  rows.push(await measureFirstByte(0), await measureFirstByte(SYNC_DELAY), await measureVerifier(), measureEncoder());
  printReport('audit', rows);
} finally {
  await rm(directory, { recursive: true, force: true });
}
