// What a stranger's program does with the published packages: no path of this repository appears here, and no source of
// theirs. The types are checked against the packed declarations, then the compiled program runs under plain Node.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEd25519Signer, verifyEd25519 } from '@cloister/audit';
import { createReceiver, createReceiverKey, parseKeyConfig, sealRequest } from '@cloister/channel';
import { findCloisterError, fromUtf8, lengthPrefixed, sha256, toHex, utf8 } from '@cloister/core';
import { parseEvidencePolicy } from '@cloister/evidence';
import { createRedactor } from '@cloister/redaction';
import { createSession } from '@cloister/session';
import { createApiKey, createApiKeyDirectory, createTenancy, localBroker, verifyPrincipal } from '@cloister/tenancy';

/** Ends the program when a promise of the packages does not hold. */
function must(condition: boolean, promise: string): void {
  if (!condition) throw new Error(`does not hold: ${promise}`);
}

/** The code of the error that an action throws. */
async function codeOf(action: () => unknown): Promise<string | undefined> {
  try {
    await action();
    return undefined;
  } catch (error) {
    return findCloisterError(error)?.code;
  }
}

async function readAll(body: ReadableStream<Uint8Array>): Promise<string> {
  return new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>).text();
}

async function tryChannel(): Promise<void> {
  const key = await createReceiverKey();
  const head = { method: 'POST', scheme: 'https', authority: 'inside', path: '/v1', headers: [] };
  const sealed = await sealRequest(parseKeyConfig(key.config), { head, body: utf8('question') });
  const opened = await createReceiver([key]).openRequest(sealed.body);
  must(opened.head.path === '/v1' && (await readAll(opened.body)) === 'question', 'a sealed request opens');
  const answer = await sealed.openResponse(
    opened.sealResponse({ head: { status: 200, headers: [] }, body: utf8('answer') }),
  );
  must((await readAll(answer.body)) === 'answer', 'a sealed response opens');
}

async function tryTenancy(folder: string): Promise<void> {
  const { apiKey, sha256: digest } = createApiKey();
  const record = {
    sha256: digest,
    tenant: 'a',
    subject: 'b',
    groups: [],
    clearance: 'restricted',
    purpose: 'test',
  } as const;
  const principal = await verifyPrincipal({ apiKey }, createApiKeyDirectory([record], { issuer: 'consumer' }));
  const tenancy = createTenancy({ broker: localBroker(folder, { key: new Uint8Array(32).fill(7) }) });
  const tenant = await tenancy.tenant(principal);
  const session = await createSession(tenant, { model: 'model', identity: new Uint8Array(32) });
  must(session.salt().startsWith('cs1.'), 'a session has a salt');
  must(
    (await codeOf(() => createSession({ ...tenant }, { model: 'model', identity: new Uint8Array(32) }))) !== undefined,
    'a copy is no tenant',
  );
}

must(toHex(sha256(new Uint8Array(0))).startsWith('e3b0c442'), 'SHA-256');
must(toHex(lengthPrefixed('a')) === '0000000161', 'length prefixes');
must(
  (await codeOf(() => parseEvidencePolicy({})))?.startsWith('ERR_EVIDENCE_POLICY') === true,
  'an empty policy is refused',
);

const note = 'Write to jane.roe@hospital.example today.';
const { text, vault } = await createRedactor({}).redact(note);
must(!text.includes('jane.roe') && vault.restore(text) === note, 'redaction is reversible');

const signer = await createEd25519Signer();
const message = utf8('message');
must(await verifyEd25519(signer.publicKey, message, await signer.sign(message)), 'signatures verify');
must(fromUtf8(message) === 'message', 'bytes are bytes');

await tryChannel();
const folder = await mkdtemp(join(tmpdir(), 'consumer-'));
try {
  await tryTenancy(folder);
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.log('the published packages work');
