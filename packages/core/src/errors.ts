/** Every code starts with its package: `ERR_CHANNEL_TRUNCATED`. Each package closes its own union. */
export type ErrorCode = `ERR_${Uppercase<string>}`;

/** What a code means, written once beside the code so that no message is ever built from data. */
export interface ErrorDescription {
  /** What happened, in one sentence. */
  readonly message: string;
  /** What a person can do about it, in one sentence. */
  readonly fix: string;
  /** Whether the same call may succeed later without a change. Off unless said. */
  readonly retryable?: boolean;
}

/** What may be said about one occurrence: never content, keys or text from the other side. */
export interface ErrorOccurrence {
  /** The error behind this one. Parser errors that quote their input must not be passed on. */
  readonly cause?: unknown;
  /** A name chosen by our code or the operator: a check id, a setting, a file path. */
  readonly subject?: string;
  /** Numbers that help: offsets, limits, counts. */
  readonly detail?: Readonly<Record<string, number | boolean>>;
}

const MARK = Symbol.for('cloister.error');

/** The one error class of all packages. Its texts come from tables in the code, never from data (DESIGN 7). */
export class CloisterError<Code extends ErrorCode = ErrorCode> extends Error {
  /** The stable identifier to switch on. */
  readonly code: Code;
  /** One sentence a person can act on. */
  readonly fix: string;
  /** Whether the same call may succeed later without a change. */
  readonly retryable: boolean;
  /** The check, setting or file that this is about, when there is one. */
  readonly subject: string | undefined;
  /** Numbers that help to find the place. */
  readonly detail: Readonly<Record<string, number | boolean>>;

  /** @param code the stable identifier; @param description its texts; @param occurrence what is special this time */
  constructor(code: Code, description: ErrorDescription, occurrence: ErrorOccurrence = {}) {
    super(
      occurrence.subject === undefined ? description.message : `${description.message} (${occurrence.subject})`,
      occurrence.cause === undefined ? undefined : { cause: occurrence.cause },
    );
    this.name = 'CloisterError';
    this.code = code;
    this.fix = description.fix;
    this.retryable = description.retryable ?? false;
    this.subject = occurrence.subject;
    this.detail = occurrence.detail ?? {};
    Object.defineProperty(this, MARK, { value: true });
  }
}

const declared = new Set<string>();

/** Whether a package that is loaded here declares this code: nothing else may stand for an error in an audit event. */
export function isDeclaredErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && declared.has(code);
}

/** Makes the error function of a package from its table of codes: `channelError('ERR_CHANNEL_TRUNCATED')`. */
export function createErrors<Code extends ErrorCode>(
  descriptions: Readonly<Record<Code, ErrorDescription>>,
): (code: Code, occurrence?: ErrorOccurrence) => CloisterError<Code> {
  for (const code of Object.keys(descriptions)) declared.add(code);
  return (code, occurrence) => new CloisterError(code, descriptions[code], occurrence);
}

/** Whether `value` is an error of ours, also when it comes from another copy of this package. */
export function isCloisterError(value: unknown): value is CloisterError {
  return typeof value === 'object' && value !== null && (value as { [MARK]?: unknown })[MARK] === true;
}

/** The first error of ours among `error` and its causes: client libraries wrap what `fetch` throws. At most 16 steps. */
export function findCloisterError(error: unknown): CloisterError | undefined {
  for (let step = 0, current = error; step < 16 && current !== undefined && current !== null; step++) {
    if (isCloisterError(current)) return current;
    current = (current as { cause?: unknown }).cause;
  }
  return undefined;
}
