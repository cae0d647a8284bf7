import { measureLedger } from './ledger.ts';
import { measureRecords } from './records.ts';
import { printReport } from './report.ts';
import { measureScan } from './scan.ts';
import { measureUpsert } from './upsert.ts';
import { measureVectorStores } from './vector-stores.ts';

// Retrieval, part by part: what sealing a record costs, what scanning opened vectors and writing costs, what an application pays
// beside other stores, and what the ledger costs.

printReport('retrieval', [
  ...(await measureRecords()),
  ...measureScan(),
  ...(await measureUpsert()),
  ...(await measureVectorStores()),
  ...(await measureLedger()),
]);
