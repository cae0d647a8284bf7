import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpanSink } from '@cloister/audit';
import { auditLog, type AuditLog } from '@cloister/audit/node';
import { attest, type Enclave } from '@cloister/client';
import {
  toHex,
  type AuditSink,
  type Classification,
  type Embedder,
  type Principal,
  type Tokenizer,
  type VectorStore,
} from '@cloister/core';
import type { EvidencePolicy } from '@cloister/evidence';
import { createGateway, type Gateway, type GatewayConfig } from '@cloister/gateway';
import type { InjectionClassifier, Trusted } from '@cloister/prompt';
import {
  createRuntime,
  defaultPolicy,
  type MemorySettings,
  type Runtime,
  type RuntimePolicy,
  type RuntimeTenant,
} from '@cloister/runtime';
import { sqliteStore } from '@cloister/retriever/sqlite';
import { createSimulatedTee, type SimulatedTee } from '@cloister/simulator/tee';
import { startVllmStandIn } from '@cloister/simulator/vllm';
import { createApiKey, createApiKeyDirectory, localBroker, verifyPrincipal } from '@cloister/tenancy';
import { prepareParts } from './parts.ts';
import { hospitals, type Hospital } from './notes.ts';

/** The three people of the demo. */
export type Person = 'cardiologist' | 'receptionist' | 'oncologist';

/** Everything the demo runs on: one machine plays the hospital, the network and the enclave. */
export interface World extends AsyncDisposable {
  readonly tee: SimulatedTee;
  readonly gateway: Gateway;
  readonly enclave: Enclave;
  readonly evidencePolicy: EvidencePolicy;
  /** Milliseconds that attestation took, collateral included. */
  readonly attestMilliseconds: number;
  readonly store: VectorStore;
  readonly databaseFile: string;
  readonly embedder: Embedder;
  readonly tokenizer: Tokenizer;
  readonly embedderLabel: string;
  readonly audit: AuditLog;
  readonly apiKey: string;
  readonly model: string;
  /** `http://127.0.0.1:PORT` of the inference server itself, for the plain baseline. */
  readonly engineUrl: string;
  /** A runtime over the same keys and log; the parts given replace the ordinary ones. */
  runtime(parts?: {
    readonly enclave?: Enclave;
    readonly store?: VectorStore;
    readonly audit?: AuditSink;
    readonly spans?: SpanSink;
    readonly instructions?: Trusted;
    readonly classifier?: InjectionClassifier;
    readonly memory?: MemorySettings;
    readonly policy?: RuntimePolicy;
    /** Tokens of the model's window. */
    readonly contextTokens?: number;
  }): Promise<Runtime>;
  /** The tenant as this person sees it. */
  enter(person: Person, runtime: Runtime): Promise<RuntimeTenant>;
  /** Inference requests that reached the engine; 0 for an engine that is not ours to look into. */
  requestsSeen(): number;
  /** Ids of the documents of this person's hospital. */
  ownDocuments(person: Person): ReadonlySet<string>;
}

/** How the world is set up. */
export interface WorldOptions {
  /** Where keys, notes and the audit log stay between runs. */
  readonly directory: string;
  /** A real vLLM (`http://127.0.0.1:PORT`) instead of the stand-in. */
  readonly vllm?: string;
  /** Puts something between client and gateway: gets the gateway's URL, gives the one to use instead. */
  readonly network?: (url: string) => Promise<string>;
  /** Tokens of an answer at most. */
  readonly answerTokens?: number;
  readonly onProgress?: (line: string) => void;
}

/** Starts everything on loopback. What it started ends with `await using`. */
export async function createWorld(options: WorldOptions): Promise<World> {
  await using stack = new AsyncDisposableStack();
  const say = options.onProgress ?? ((): void => {});
  const { embedder, tokenizer, label } = await prepareParts(say);
  stack.defer(() => embedder.dispose());

  const engine = await startEngine(options.vllm, stack);
  const tee = await createSimulatedTee();
  const { apiKey, sha256 } = createApiKey();
  const gateway = await startGateway(tee, engine.url, sha256, stack);

  const evidencePolicy = policyFor(tee, gateway);
  const start = performance.now();
  const url = (await options.network?.(gateway.url)) ?? gateway.url;
  const enclave = await attest(url, { policy: evidencePolicy, roots: tee.roots });
  stack.defer(() => enclave.close());
  const attestMilliseconds = performance.now() - start;
  say(`enclave verified in ${attestMilliseconds.toFixed(0)} ms`);

  await mkdir(options.directory, { recursive: true, mode: 0o700 });
  const databaseFile = join(options.directory, 'notes.db');
  const store = sqliteStore(databaseFile);
  stack.defer(() => store.close());
  const broker = localBroker(join(options.directory, 'keys'), {
    passphrase: 'only a demo: a KMS holds it in earnest',
  });
  // The default refuses after 250 ms. The disk of a busy laptop stalls longer, and nobody waits for a refusal here.
  const audit = auditLog(join(options.directory, 'audit'), { maxWait: 10_000 });
  stack.defer(() => audit.close());
  const people = await hirePeople();
  const shared = { broker, embedder, tokenizer, policy: defaultPolicy(evidencePolicy) };
  const answerTokens = options.answerTokens === undefined ? {} : { answerTokens: options.answerTokens };
  const end = stack.move();

  return {
    tee,
    gateway,
    enclave,
    evidencePolicy,
    attestMilliseconds,
    store,
    databaseFile,
    embedder,
    tokenizer,
    embedderLabel: label,
    audit,
    apiKey,
    model: engine.model,
    engineUrl: engine.url,
    runtime: (parts = {}) =>
      createRuntime({
        ...shared,
        inference: {
          enclave: parts.enclave ?? enclave,
          apiKey,
          model: engine.model,
          ...answerTokens,
          ...(parts.contextTokens === undefined ? {} : { contextTokens: parts.contextTokens }),
        },
        store: parts.store ?? store,
        audit: parts.audit ?? audit,
        ...(parts.spans === undefined ? {} : { spans: parts.spans }),
        ...(parts.instructions === undefined ? {} : { instructions: parts.instructions }),
        ...(parts.classifier === undefined ? {} : { classifier: parts.classifier }),
        ...(parts.memory === undefined ? {} : { memory: parts.memory }),
        ...(parts.policy === undefined ? {} : { policy: parts.policy }),
        collection: 'notes',
      }),
    enter: (person, runtime) =>
      runtime.tenant(people[person].principal, { redaction: { names: people[person].hospital.patients } }),
    requestsSeen: () => engine.requestsSeen(),
    ownDocuments: (person) => new Set(people[person].hospital.notes.map((note) => note.id)),
    [Symbol.asyncDispose]: () => end.disposeAsync(),
  };
}

interface Engine {
  readonly url: string;
  readonly model: string;
  readonly requestsSeen: () => number;
}

async function startEngine(vllm: string | undefined, stack: AsyncDisposableStack): Promise<Engine> {
  if (vllm === undefined) {
    const standIn = await startVllmStandIn();
    stack.defer(() => standIn.close());
    return { url: standIn.url, model: standIn.model, requestsSeen: () => standIn.requests.length };
  }
  const url = new URL(vllm).origin;
  const models = (await (await fetch(`${url}/v1/models`)).json()) as { data: { id: string }[] };
  const model = models.data[0]?.id;
  if (model === undefined) throw new Error(`The server at ${url} lists no model.`);
  return { url, model, requestsSeen: () => 0 };
}

async function startGateway(
  tee: SimulatedTee,
  upstream: string,
  keyHash: string,
  stack: AsyncDisposableStack,
): Promise<Gateway> {
  const config: GatewayConfig = { upstream };
  const principals = createApiKeyDirectory(
    [
      {
        sha256: keyHash,
        tenant: 'assistant',
        subject: 'hospital-assistant',
        groups: [],
        clearance: 'restricted',
        compartments: [],
        purpose: 'treatment',
      },
    ],
    { issuer: 'gateway' },
  );
  const gateway = await createGateway({ config, evidence: tee.provider, principals });
  await gateway.listen();
  stack.defer(() => gateway.close());
  return gateway;
}

function policyFor(tee: SimulatedTee, gateway: Gateway): EvidencePolicy {
  return { tee: 'tdx', workload: tee.workload, deployment: toHex(gateway.deployment) };
}

interface Employee {
  readonly principal: Principal;
  readonly hospital: Hospital;
}

const STAFF: Readonly<Record<Person, { hospital: number; groups: readonly string[]; clearance: Classification }>> = {
  cardiologist: { hospital: 0, groups: ['cardiology'], clearance: 'restricted' },
  receptionist: { hospital: 0, groups: ['reception'], clearance: 'internal' },
  oncologist: { hospital: 1, groups: ['oncology'], clearance: 'restricted' },
};

/** Gives everybody an API key of the assistant and verifies it, as a sign-in would. */
async function hirePeople(): Promise<Readonly<Record<Person, Employee>>> {
  const hire = async (person: Person): Promise<Employee> => {
    const { hospital: index, groups, clearance } = STAFF[person];
    const hospital = hospitals[index];
    if (hospital === undefined) throw new Error(`no hospital ${index}`);
    const { apiKey, sha256 } = createApiKey();
    const record = {
      sha256,
      tenant: hospital.id,
      subject: person,
      groups,
      clearance,
      compartments: [],
      purpose: 'treatment',
    };
    const directory = createApiKeyDirectory([record], { issuer: 'hospital-staff' });
    return { principal: await verifyPrincipal({ apiKey }, directory), hospital };
  };
  return {
    cardiologist: await hire('cardiologist'),
    receptionist: await hire('receptionist'),
    oncologist: await hire('oncologist'),
  };
}
