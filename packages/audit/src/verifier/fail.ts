/** Why a log is refused. */
export class Refusal extends Error {}

/** Ends the verification. */
export function refuse(reason: string): never {
  throw new Refusal(reason);
}
