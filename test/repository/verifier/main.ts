import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { BUILT, bundleVerifier } from './bundle.ts';

// Builds packages/audit/verify-log.mjs from packages/audit/src/verifier.
writeFileSync(BUILT, bundleVerifier());
execFileSync('oxfmt', [BUILT]);
