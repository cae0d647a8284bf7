import { measureLedger } from './ledger.ts';
import { measureRecords } from './records.ts';
import { printReport } from './report.ts';
import { measureScan } from './scan.ts';
import { measureUpsert } from './upsert.ts';

// Retrieval, part by part: what sealing a record costs, what scanning opened vectors and writing costs, and what the ledger costs.

printReport('retrieval', [
  ...(await measureRecords()),
  ...measureScan(),
  ...(await measureUpsert()),
  ...(await measureLedger()),
]);
