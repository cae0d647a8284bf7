import { writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { createAuditEvent } from '@cloister/audit';
import { auditLog } from '@cloister/audit/node';

// Writes to the log that is its argument until somebody kills it, and says which events were acknowledged. Who is killed
// leaves no compiled code behind, so that goes to NODE_COMPILE_CACHE first.
flushCompileCache();
const log = auditLog(process.argv[2] ?? '', { checkpointEvery: 16, segmentBytes: 20_000, maxWait: 10_000 });
await log.checkpoint();

async function write(): Promise<void> {
  const event = createAuditEvent({
    type: 'security.refused',
    outcome: 'deny',
    stage: 'audit',
    code: 'ERR_AUDIT_EVENT',
  });
  const { index } = await log.record(event);
  writeSync(1, `${index} ${event.id}\n`);
}

for (;;) await Promise.all(Array.from({ length: 10 }, write));
