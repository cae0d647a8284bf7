import { createErrors, type CloisterError, type ErrorOccurrence } from '@cloister/core';

/** Every way in which this package says no. */
export type SessionErrorCode =
  | 'ERR_SESSION_DERIVATION'
  | 'ERR_SESSION_ENDED'
  | 'ERR_SESSION_GROUP'
  | 'ERR_SESSION_SCOPE_TOO_WIDE';

/** Makes an error of this package. */
export const sessionError: (code: SessionErrorCode, occurrence?: ErrorOccurrence) => CloisterError<SessionErrorCode> =
  createErrors<SessionErrorCode>({
    ERR_SESSION_DERIVATION: {
      message: 'An argument of a cache salt is missing or out of range.',
      fix: 'Correct the argument that is named; its docstring states type and size.',
    },
    ERR_SESSION_ENDED: {
      message: 'The session has ended and its secret is gone.',
      fix: 'Create a new session; an ended one cannot be brought back.',
    },
    ERR_SESSION_GROUP: {
      message: 'Group scope needs the name of a group that the caller belongs to.',
      fix: 'Name one of the groups of the verified principal, or choose a narrower scope.',
    },
    ERR_SESSION_SCOPE_TOO_WIDE: {
      message: 'The session shares its prefix cache more widely than the class of the data allows.',
      fix: 'Create the session with a narrower scope, or ask about data of a lower class.',
    },
  });
