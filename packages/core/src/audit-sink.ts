import type { Classification } from './classification.ts';
import type { ErrorCode } from './errors.ts';
import type { Unrestored } from './restored.ts';

/** Where audit events go. An event is a closed record: content cannot be expressed in it. */
export interface AuditSink {
  /** Resolves once the event is durable, with its place in the log. Rejects rather than drops. */
  record(event: AuditEvent): Promise<AuditRecord>;
  /**
   * Makes names that the operator chose known to the sink: models, collections, redaction types. An event that carries
   * a name nobody registered is refused, so that a name can never be a text from a prompt.
   */
  register(labels: AuditLabels): void;
  /** Proves that a recorded event is in the log, as soon as a checkpoint covers it; absent where no tree is kept. */
  proveEvent?(index: number): Promise<AuditProof>;
}

/** An event and the proof that it is in a log. */
export interface AuditProof {
  /** The leaf: canonical JSON (RFC 8785). */
  readonly entry: Uint8Array;
  /** A `.tlog-proof` file (C2SP tlog-proof): audit path and signed checkpoint. */
  readonly file: string;
}

/** The place of an event in the log. */
export interface AuditRecord {
  /** Zero-based leaf index. */
  readonly index: number;
  /** RFC 6962 leaf hash, 32 bytes. */
  readonly leafHash: Uint8Array;
}

/** Names that configuration chose, each `[A-Za-z0-9/][A-Za-z0-9._:/@-]{0,127}`. */
export interface AuditLabels {
  /** Model names as the engine serves them. */
  readonly model?: readonly string[];
  /** Collections of the vector store. */
  readonly collection?: readonly string[];
  /** Redaction types, for example `EMAIL`. */
  readonly redaction?: readonly string[];
}

/** What an audit reference stands for. */
export type AuditReferenceKind = 'tenant' | 'actor' | 'session' | 'request';

declare const referenceBrand: unique symbol;

/** A keyed pseudonym: three letters, `_`, 22 base64url characters. Only `audit`'s pseudonymizer makes them. */
export type AuditReference<Kind extends AuditReferenceKind = AuditReferenceKind> = string & {
  readonly [referenceBrand]: Kind;
};

/** How far cached prompt prefixes are shared. */
export type AuditCacheScope = 'request' | 'session' | 'user' | 'tenant' | 'group';

/** How it ended. */
export type AuditOutcome = 'allow' | 'deny' | 'error' | 'cancelled';

/** What every event says. */
export interface AuditEnvelope {
  /** Version of the event's shape. */
  readonly v: 1;
  /** ULID: 26 Crockford base32 characters. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly ts: number;
  readonly outcome: AuditOutcome;
}

/** Who caused an event. */
export interface AuditContext {
  readonly tenant: AuditReference<'tenant'>;
  readonly actor: AuditReference<'actor'>;
  readonly request: AuditReference<'request'>;
}

/** What is about to leave for the model. Digests are 64 lower-case hex digits. */
export interface InferenceBeginEvent extends AuditEnvelope, AuditContext {
  readonly type: 'inference.begin';
  /** A registered model name. */
  readonly model: Unrestored;
  /** SHA-256 of the evidence that was accepted. */
  readonly evidence: Unrestored;
  /** SHA-256 of the evidence policy. */
  readonly policy: Unrestored;
  readonly session?: AuditReference<'session'>;
  readonly scope: AuditCacheScope;
  /** The prompt's class: the highest of its parts. */
  readonly label: Classification;
  readonly stream: boolean;
  /** Chunks in the prompt. */
  readonly sources: number;
  /** Masked values per registered redaction type. */
  readonly redactions: Readonly<Record<string, number>>;
}

/** Why the model stopped. */
export type AuditFinish = 'stop' | 'length' | 'content_filter' | 'tool_calls' | 'cancelled' | 'error';

/** How an inference ended. */
export interface InferenceEndEvent extends AuditEnvelope, AuditContext {
  readonly type: 'inference.end';
  /** A registered model name. */
  readonly model: Unrestored;
  readonly finish: AuditFinish;
  /** Token counts as the engine reported them. */
  readonly tokens: { readonly input: number; readonly output: number; readonly cached?: number };
  /** Citations that resolved, and those that named no source. */
  readonly citations: { readonly valid: number; readonly unknown: number };
  /** Whole milliseconds from the call to the end. */
  readonly ms: number;
  /** Whole milliseconds to the first text. */
  readonly firstMs?: number;
  /** SHA-256 of the receipt's text: 64 hex digits. */
  readonly receipt?: Unrestored;
  /** The error's code, unless the outcome is `allow`. */
  readonly code?: ErrorCode;
}

/** One search. Neither the question nor a score nor a document id is expressible. */
export interface RetrievalQueryEvent extends AuditEnvelope, AuditContext {
  readonly type: 'retrieval.query';
  /** A registered collection name. */
  readonly collection: Unrestored;
  readonly mode: 'sealed' | 'cells' | 'prefix' | 'plain';
  /** How many chunks were asked for, looked at and given back. */
  readonly limit: number;
  readonly scanned: number;
  readonly returned: number;
  /** Refused after opening because of label or ACL. */
  readonly refusedByAcl: number;
  /** Records that did not open or were foreign: the store lied or lost something. */
  readonly refusedByStore: number;
  readonly rollback: 'checked' | 'not-detected';
  readonly ms: number;
  readonly code?: ErrorCode;
}

/** One verdict about an enclave. */
export interface AttestationVerifyEvent extends AuditEnvelope {
  readonly type: 'attestation.verify';
  readonly tee: 'tdx' | 'sev-snp';
  /** Whether the roots were test roots. */
  readonly simulated: boolean;
  readonly verdict: 'accept' | 'reject';
  /** The TCB status as the vendor names it; absent when the check did not get there. */
  readonly tcb?:
    | 'UpToDate'
    | 'SWHardeningNeeded'
    | 'ConfigurationNeeded'
    | 'ConfigurationAndSWHardeningNeeded'
    | 'OutOfDate'
    | 'OutOfDateConfigurationNeeded'
    | 'Revoked';
  /** SHA-256 of the evidence: 64 hex digits. */
  readonly evidence?: Unrestored;
  /** SHA-256 of the policy: 64 hex digits. */
  readonly policy?: Unrestored;
  readonly ms: number;
  readonly code?: ErrorCode;
}

/** A session began. */
export interface SessionOpenEvent extends AuditEnvelope, AuditContext {
  readonly type: 'session.open';
  readonly session: AuditReference<'session'>;
  readonly scope: AuditCacheScope;
}

/** A session ended and its secret was destroyed. */
export interface SessionEndEvent extends AuditEnvelope, AuditContext {
  readonly type: 'session.end';
  readonly session: AuditReference<'session'>;
  readonly reason: 'ended' | 'expired' | 'evicted' | 'error';
}

/** A proof that the engine's prefix cache keeps callers apart, or why there is none. */
export interface IsolationProveEvent extends AuditEnvelope {
  readonly type: 'isolation.prove';
  readonly verdict: 'isolated' | 'salt-honoured' | 'one-tenant' | 'failed' | 'inconclusive';
  /** Requests that were answered: four when there were two principals. */
  readonly arms: number;
  /** Boot id of the engine: 64 hex digits. */
  readonly engine?: Unrestored;
  readonly ms: number;
  readonly code?: ErrorCode;
}

/** Documents were sealed and stored. */
export interface IngestEvent extends AuditEnvelope, AuditContext {
  readonly type: 'ingest';
  /** A registered collection name. */
  readonly collection: Unrestored;
  readonly documents: number;
  readonly chunks: number;
  readonly skipped: number;
  /** The highest class among the documents. */
  readonly label: Classification;
  readonly ms: number;
  readonly code?: ErrorCode;
}

/** Something was refused. */
export interface SecurityRefusedEvent extends AuditEnvelope, Partial<AuditContext> {
  readonly type: 'security.refused';
  /** The arrow of the chain that refused. */
  readonly stage:
    | 'evidence'
    | 'channel'
    | 'tenancy'
    | 'retrieval'
    | 'redaction'
    | 'prompt'
    | 'session'
    | 'inference'
    | 'receipt'
    | 'audit'
    | 'gateway';
  /** A code that one of our packages declares. */
  readonly code: ErrorCode;
}

/** The log was opened: it ties what follows to the tree before. Only the log writes it. */
export interface AuditOpenEvent extends AuditEnvelope {
  readonly type: 'audit.open';
  /** Leaves before this event. */
  readonly size: number;
  /** Root over them: 64 hex digits. */
  readonly root: Unrestored;
  /** Id of the log's key: 8 hex digits. */
  readonly key: Unrestored;
  /** Bytes of an unfinished write that were cut off the end; none of them was ever acknowledged. */
  readonly cutBytes: number;
}

/**
 * From here on checkpoints carry the signature of one more key, which lives in memory alone: it repeats the tree before it.
 * Only the log writes it.
 */
export interface AuditEpochEvent extends AuditEnvelope {
  readonly type: 'audit.epoch';
  /** From 1, each one higher than the one before. */
  readonly epoch: number;
  /** Ed25519 public key: 64 hex digits. */
  readonly key: Unrestored;
  /** Leaves before this event. */
  readonly size: number;
  /** Root over them: 64 hex digits. */
  readonly root: Unrestored;
  /** The log key's signature over all that: 128 hex digits. */
  readonly certificate: Unrestored;
  /** SHA-256 of the evidence that binds all that to an enclave: 64 hex digits; absent outside of one. */
  readonly evidence?: Unrestored;
}

/** A segment of the log began: it repeats the tree before it. Only the log writes it. */
export interface AuditRotateEvent extends AuditEnvelope {
  readonly type: 'audit.rotate';
  /** Number of the segment that this event begins. */
  readonly segment: number;
  /** Leaves before this event. */
  readonly size: number;
  /** Root over them: 64 hex digits. */
  readonly root: Unrestored;
}

/** Events were refused, each with an error to its caller, and are not in the log. Only the log writes it. */
export interface AuditGapEvent extends AuditEnvelope {
  readonly type: 'audit.gap';
  /** How many since the last event before this one. */
  readonly events: number;
}

/** Whole segments are about to be removed because they are older than they have to be kept. Only the log writes it. */
export interface AuditRetainEvent extends AuditEnvelope {
  readonly type: 'audit.retain';
  /** Index of the first entry that stays. */
  readonly first: number;
}

/** Everything the log can hold. There is no free text: enums, whole numbers, digests, references, registered names. */
export type AuditEvent =
  | InferenceBeginEvent
  | InferenceEndEvent
  | RetrievalQueryEvent
  | AttestationVerifyEvent
  | SessionOpenEvent
  | SessionEndEvent
  | IsolationProveEvent
  | IngestEvent
  | SecurityRefusedEvent
  | AuditOpenEvent
  | AuditEpochEvent
  | AuditRotateEvent
  | AuditGapEvent
  | AuditRetainEvent;
