import { measureLedger } from './ledger.ts';
import { measureRecords } from './records.ts';
import { printReport, tellProgress, type Row } from './report.ts';
import { measureScan } from './scan.ts';
import { measureUpsert } from './upsert.ts';
import { measureVectorStores } from './vector-stores.ts';

// Retrieval, part by part: what sealing a record costs, what scanning opened vectors and writing costs, what an application pays
// beside other stores, and what the ledger costs. With names of parts only those: `bench retrieval scan upsert`.

const PARTS: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  records: measureRecords,
  scan: async () => measureScan(),
  upsert: measureUpsert,
  stores: measureVectorStores,
  ledger: measureLedger,
};

const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const unknown = asked.find((name) => !Object.hasOwn(PARTS, name));
if (unknown !== undefined) throw new Error(`no part ${unknown}; there are ${Object.keys(PARTS).join(', ')}`);

const rows: Row[] = [];
for (const [name, measure] of Object.entries(PARTS)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const start = performance.now();
  rows.push(...(await measure()));
  tellProgress('retrieval', `${name} measured in ${((performance.now() - start) / 1000).toFixed(0)} s`);
}
printReport('retrieval', rows);
