import { join } from 'node:path';
import { createEd25519Signer } from '@cloister/audit';
import { systemRandom, type Tenant } from '@cloister/core';
import { openMemory } from '@cloister/session';
import { sqliteMemory } from '@cloister/session/sqlite';
import { localLedger } from '@cloister/tenancy';
import type { Row } from '../report.ts';

const TURNS = 1000;
const SESSIONS = 5;
const TEXT = 'The dose was lowered in March because of dizziness. '.repeat(10);

/** What a remembered turn costs and how long the end of a long session takes, on disk, with heads in a ledger. */
export async function measureMemory(tenant: Tenant, directory: string): Promise<Row[]> {
  const store = sqliteMemory(join(directory, 'turns.db'));
  const ledger = localLedger(join(directory, 'ledger.db'));
  const signer = await createEd25519Signer(systemRandom(32));
  const [appends, opens, ends]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < SESSIONS; round++) {
    const options = { store, ledger, signer, policy: 'bench' };
    const memory = await openMemory(tenant, options);
    const started = performance.now();
    for (let turn = 0; turn < TURNS; turn++) await memory.append({ role: 'user', text: TEXT, label: 'internal' });
    appends.push((performance.now() - started) / TURNS);
    const opening = performance.now();
    const again = await openMemory(tenant, { ...options, session: memory.session });
    opens.push(performance.now() - opening);
    const ending = performance.now();
    await again.end();
    ends.push(performance.now() - ending);
  }
  store.close();
  await ledger.close();
  const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
  return [
    { name: 'append a turn, durable, head in the ledger', value: median(appends), unit: 'ms' },
    { name: `open a session of ${TURNS} turns`, value: median(opens), unit: 'ms' },
    { name: `end a session of ${TURNS} turns`, value: median(ends), unit: 'ms' },
  ];
}
