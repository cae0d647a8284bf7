/** An answer other than success, as Qdrant words it: JSON with the reason, or plain text for authentication. */
export class Refusal extends Error {
  readonly status: number;

  /** @param message may repeat what the caller sent, as the server's does */
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
