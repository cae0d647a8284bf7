/** Where audit events go. The event's shape is closed by the `audit` package: content cannot be expressed. */
export interface AuditSink {
  /** Resolves once the event is durable, with its place in the log. Rejects rather than drops. */
  record(event: AuditEvent): Promise<AuditRecord>;
}

/** An event as siblings hand it over; `audit` parses it strictly. */
export interface AuditEvent {
  readonly type: string;
}

/** The place of an event in the log. */
export interface AuditRecord {
  /** Zero-based leaf index. */
  readonly index: number;
  /** RFC 6962 leaf hash, 32 bytes. */
  readonly leafHash: Uint8Array;
}
