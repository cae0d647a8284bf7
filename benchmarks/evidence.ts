import { measureGpuRows } from './evidence-gpu.ts';
import { measureSnpRows } from './evidence-snp.ts';
import { measureTdx } from './evidence/tdx.ts';
import { printReport } from './report.ts';

// Verification of genuine evidence against the signature checks alone that it takes, and against a peer, in one run.

printReport('evidence', [...(await measureTdx()), ...(await measureSnpRows()), ...(await measureGpuRows())]);
