import { type CloisterError, createErrors } from '@cloister/core';

/** Everything that `redaction` refuses, by name. */
export type RedactionErrorCode =
  | 'ERR_REDACTION_ASYNC_DETECTOR'
  | 'ERR_REDACTION_DETECTION'
  | 'ERR_REDACTION_NAME'
  | 'ERR_REDACTION_NOT_A_VAULT'
  | 'ERR_REDACTION_NOT_TEXT'
  | 'ERR_REDACTION_PATTERN'
  | 'ERR_REDACTION_TEXT_TOO_LONG'
  | 'ERR_REDACTION_THRESHOLD'
  | 'ERR_REDACTION_TYPE'
  | 'ERR_REDACTION_VAULT_CLOSED'
  | 'ERR_REDACTION_VAULT_FULL'
  | 'ERR_REDACTION_VAULT_KEY'
  | 'ERR_REDACTION_VAULT_SEALED';

/** Makes an error of this package; its texts stand here and nowhere else (DESIGN 7). */
export const redactionError: (
  code: RedactionErrorCode,
  occurrence?: { readonly subject?: string; readonly detail?: Readonly<Record<string, number | boolean>> },
) => CloisterError<RedactionErrorCode> = createErrors<RedactionErrorCode>({
  ERR_REDACTION_ASYNC_DETECTOR: {
    message: 'a detector answered with a promise in a synchronous call',
    fix: 'Call redact() instead of redactSync(), or leave the asynchronous detector out of this redactor.',
  },
  ERR_REDACTION_DETECTION: {
    message: 'a detector gave a span that does not fit the text or the published list of types',
    fix: 'Make the detector give UTF-16 offsets into the text it was handed and a type of DETECTION_TYPES.',
  },
  ERR_REDACTION_NAME: {
    message: 'the dictionary of names is too large or holds something that is not a name',
    fix: 'Give at most 100,000 names or 200,000 terms of at most 200 characters and eight words; a name has at least two letters.',
  },
  ERR_REDACTION_NOT_A_VAULT: {
    message: 'this object was not made by createVault()',
    fix: 'Pass the vault itself: a copy or a cast of it holds nothing.',
  },
  ERR_REDACTION_NOT_TEXT: {
    message: 'only text can be redacted, not an image, a recording or another part',
    fix: 'Leave the part out, or turn it into text first: nothing here finds a face or a voice (45 CFR 164.514(b)(2)(i)(P) and (Q)).',
  },
  ERR_REDACTION_PATTERN: {
    message: 'a pattern of the tenant cannot be used safely',
    fix: 'Write it with bounded repeats such as {1,8} on single characters or classes: no *, +, {n,}, repeated groups, look-around or back references.',
  },
  ERR_REDACTION_TEXT_TOO_LONG: {
    message: 'the text is longer than one call accepts',
    fix: 'Split the text at paragraph borders and redact the parts with one vault.',
  },
  ERR_REDACTION_THRESHOLD: {
    message: 'a threshold is a number from 0 to 1',
    fix: 'Give the lowest score that counts for each type, or leave the type out to take everything.',
  },
  ERR_REDACTION_TYPE: {
    message: 'the type is not on the published list',
    fix: 'Use a member of DETECTION_TYPES.',
  },
  ERR_REDACTION_VAULT_CLOSED: {
    message: 'the vault was closed and its values are gone',
    fix: 'Close a vault only after the last answer that needs it has been restored.',
  },
  ERR_REDACTION_VAULT_FULL: {
    message: 'the vault holds as many values as it may',
    fix: 'Start a new session: a vault belongs to one session and holds at most 100,000 values.',
  },
  ERR_REDACTION_VAULT_KEY: {
    message: 'a vault key has 32 bytes',
    fix: 'Give 32 secret bytes, for example the tenant subkey for the purpose `vault`, or none to have them made.',
  },
  ERR_REDACTION_VAULT_SEALED: {
    message: 'the sealed vault does not open',
    fix: 'Give the key, tenant, session and version it was sealed with; if they are right, the bytes were changed.',
  },
});
