/** What the process ends with. Scripts may rely on every number. */
export const EXIT = {
  /** What was asked holds. */
  accept: 0,
  /** The command could not do its work: a file or a server was not there. */
  failed: 1,
  /** The command line or a configuration file is wrong. */
  usage: 2,
  /** Evidence or a receipt was judged and refused. */
  reject: 10,
  /** A kind of evidence that is known and not judged. */
  unsupported: 20,
  /** The bytes are not what they should be. */
  malformed: 30,
} as const;

/** The name of a verdict. */
export type Verdict = 'accept' | 'reject' | 'unsupported' | 'malformed';
