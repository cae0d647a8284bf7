import type { AuditProof, Restored } from '@cloister/core';
import { codeOf, createTrail } from './arrow.ts';
import { assemble } from './arrows/assemble.ts';
import { condense } from './arrows/condense.ts';
import { generate } from './arrows/generate.ts';
import { isolate } from './arrows/isolate.ts';
import { createRecorder } from './arrows/record.ts';
import { redact } from './arrows/redact.ts';
import { remember } from './arrows/remember.ts';
import { restore } from './arrows/restore.ts';
import { retrieve } from './arrows/retrieve.ts';
import { verifyEnclave } from './arrows/verify-enclave.ts';
import type { AnswerResult, AskOptions } from './ask-options.ts';
import type { Chain } from './chain.ts';
import { resolveSession, type RuntimeSession } from './session.ts';
import { proveRecord } from './prove-record.ts';
import { createSpanTrail } from './span-trail.ts';

/**
 * One question through the whole data flow, one call per arrow: evidence -> verified enclave -> sealed channel ->
 * tenant-scoped retrieval -> redacted prompt -> isolated session -> answer, with an audit record at each arrow.
 * Yields restored text, returns the result; every refusal is recorded and thrown.
 */
export async function* ask(
  chain: Chain,
  question: string,
  handle: RuntimeSession,
  options: AskOptions,
): AsyncGenerator<Restored, AnswerResult, undefined> {
  const session = resolveSession(handle, chain.tenant);
  const recorder = await createRecorder(chain, session);
  const spans = createSpanTrail(chain, recorder);
  const trail = createTrail(spans, options.observer?.arrow);
  try {
    await trail.run('evidence', (notes) => verifyEnclave(chain, recorder, notes));
    const found = await trail.run('retrieval', (notes) => retrieve(chain, recorder, question, options, notes));
    if (session.history) await trail.run('session', (notes) => condense(chain, session, options, notes));
    const masked = await trail.run('redaction', (notes) => redact(chain, session, question, found, options, notes));
    const prompt = await trail.run('prompt', (notes) => assemble(chain, session, masked, options, notes));
    const cache = await trail.run('session', (notes) => isolate(chain, session, prompt, notes));
    await trail.run('audit', () => recorder.begin(prompt, masked, cache));
    const reply = await trail.run('channel', (notes) => generate(chain, prompt, cache, options, notes));
    const { held, ...answer } = yield* trail.stream('answer', (notes) => restore(chain, session, reply, prompt, notes));
    const recorded = await trail.run('audit', (notes) => recorder.end(answer, notes));
    const said = [
      { role: 'user', text: question, label: masked.questionLabel },
      { role: 'assistant', text: answer.text, label: prompt.label },
    ] as const;
    if (session.history) await trail.run('session', (notes) => remember(chain, session, said, notes));
    if (held !== '') yield held;
    const proof = (): Promise<AuditProof> => proveRecord(chain, recorded);
    return { ...answer, injection: masked.injection, prompt, recorded, proof, report: trail.reports };
  } catch (error) {
    await recorder.refuse(error, trail.reports);
    spans.end(codeOf(error));
    throw error;
  } finally {
    await recorder.cancel();
    spans.end();
  }
}
