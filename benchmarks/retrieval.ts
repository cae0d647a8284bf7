import { measureLedger } from './ledger.ts';
import { measureRecords } from './records.ts';
import { printReport } from './report.ts';
import { measureScan } from './scan.ts';

// Retrieval, part by part: what sealing a record costs, what scanning opened vectors costs, and what the ledger costs.

printReport('retrieval', [...(await measureRecords()), ...measureScan(), ...(await measureLedger())]);
