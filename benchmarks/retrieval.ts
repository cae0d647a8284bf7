import { measureLedger } from './ledger.ts';
import { measureRecords } from './records.ts';
import { printReport } from './report.ts';

// Retrieval, part by part: what sealing a record costs, and what the ledger costs.

printReport('retrieval', [...(await measureRecords()), ...(await measureLedger())]);
