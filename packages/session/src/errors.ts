import { createErrors, type CloisterError, type ErrorOccurrence } from '@cloister/core';

/** Every way in which this package says no. */
export type SessionErrorCode =
  | 'ERR_SESSION_DEADLINE'
  | 'ERR_SESSION_DERIVATION'
  | 'ERR_SESSION_ENDED'
  | 'ERR_SESSION_ENGINE_SHARED'
  | 'ERR_SESSION_ENGINE_VERSION'
  | 'ERR_SESSION_EXPIRED'
  | 'ERR_SESSION_GROUP'
  | 'ERR_SESSION_ISOLATION_CACHE_OFF'
  | 'ERR_SESSION_ISOLATION_ENGINE_CHANGED'
  | 'ERR_SESSION_ISOLATION_ENGINE_UNKNOWN'
  | 'ERR_SESSION_ISOLATION_ONE_PRINCIPAL'
  | 'ERR_SESSION_ISOLATION_OWNER_IGNORED'
  | 'ERR_SESSION_ISOLATION_REQUEST'
  | 'ERR_SESSION_ISOLATION_SALT_CONSTANT'
  | 'ERR_SESSION_ISOLATION_SALT_DROPPED'
  | 'ERR_SESSION_ISOLATION_SALT_IGNORED'
  | 'ERR_SESSION_ISOLATION_SALT_MISSPELT'
  | 'ERR_SESSION_ISOLATION_USAGE'
  | 'ERR_SESSION_MEMORY_CONFLICT'
  | 'ERR_SESSION_MEMORY_ROLLED_BACK'
  | 'ERR_SESSION_MEMORY_TAMPERED'
  | 'ERR_SESSION_MEMORY_TURN'
  | 'ERR_SESSION_RECEIPT'
  | 'ERR_SESSION_SCOPE_TOO_WIDE'
  | 'ERR_SESSION_STORE'
  | 'ERR_SESSION_STREAM_CUT'
  | 'ERR_SESSION_STREAM_TOO_LARGE'
  | 'ERR_SESSION_TOOL_CALL_HALF'
  | 'ERR_SESSION_UNKNOWN';

/** Makes an error of this package. */
export const sessionError: (code: SessionErrorCode, occurrence?: ErrorOccurrence) => CloisterError<SessionErrorCode> =
  createErrors<SessionErrorCode>({
    ERR_SESSION_DEADLINE: {
      message: 'The answer took longer than its deadline; subject says which: head, firstByte, idle or total.',
      fix: 'Ask for less, ask later, or allow more time in the deadlines of the session.',
      retryable: true,
    },
    ERR_SESSION_DERIVATION: {
      message: 'An argument of a cache salt is missing or out of range.',
      fix: 'Correct the argument that is named; its docstring states type and size.',
    },
    ERR_SESSION_ENDED: {
      message: 'The session has ended and its secret is gone.',
      fix: 'Create a new session; an ended one cannot be brought back.',
    },
    ERR_SESSION_ENGINE_SHARED: {
      message: 'This engine does not keep callers apart in its prefix cache.',
      fix: 'Give each tenant a server of its own, or use an engine that honours cache salts.',
    },
    ERR_SESSION_ENGINE_VERSION: {
      message: "The engine's version is unknown or older than the first that is known to honour salts.",
      fix: 'Upgrade the engine; the README lists the least version.',
    },
    ERR_SESSION_ISOLATION_CACHE_OFF: {
      message: 'The same caller did not find its own text again, so that absences prove nothing.',
      fix: "Switch prefix caching on, or use a longer probe text than the engine's blocks.",
    },
    ERR_SESSION_ISOLATION_ENGINE_CHANGED: {
      message: 'The answers came from different boots of the engine.',
      fix: 'Prove again; pin the probes to one engine if there are several.',
      retryable: true,
    },
    ERR_SESSION_ISOLATION_ENGINE_UNKNOWN: {
      message: 'Nobody says which boot of the engine answered.',
      fix: "Let the gateway tell it, or read the engine's metrics; without it a restart looks like isolation.",
    },
    ERR_SESSION_ISOLATION_ONE_PRINCIPAL: {
      message: 'Only one principal took part, so that nothing is known about others.',
      fix: 'Give a second principal, or accept salt-honoured.',
    },
    ERR_SESSION_ISOLATION_OWNER_IGNORED: {
      message: 'Another principal with the same salt found the text.',
      fix: 'Put a gateway in front that binds salts to verified callers.',
    },
    ERR_SESSION_ISOLATION_REQUEST: {
      message: 'A probe was not answered.',
      fix: "Look at the status or the cause; the model's name, the key and the window must fit.",
      retryable: true,
    },
    ERR_SESSION_ISOLATION_SALT_CONSTANT: {
      message: 'Different salts lead to the same part of the cache.',
      fix: 'Look for what replaces the salt between the caller and the engine.',
    },
    ERR_SESSION_ISOLATION_SALT_DROPPED: {
      message: 'The salt does not arrive at the engine.',
      fix: 'Look for what removes unknown members between the caller and the engine.',
    },
    ERR_SESSION_ISOLATION_SALT_IGNORED: {
      message: 'The salt is read, and callers share all the same.',
      fix: 'Look behind whoever reads it: for a cache or connector without salts in its keys, or for what loses them further on.',
    },
    ERR_SESSION_ISOLATION_SALT_MISSPELT: {
      message: 'The salt arrives under a name that the engine does not read.',
      fix: 'Send the member cache_salt, and use a version of the engine that checks it.',
    },
    ERR_SESSION_ISOLATION_USAGE: {
      message: 'The engine does not say credibly how much of a prompt it had cached.',
      fix: 'Start it so that it reports prompt token details.',
    },
    ERR_SESSION_EXPIRED: {
      message: "The session's time is over; its keys are destroyed.",
      fix: 'Begin a new session.',
    },
    ERR_SESSION_MEMORY_CONFLICT: {
      message: 'Another process has written to this session.',
      fix: 'Open the session again and repeat the turn.',
      retryable: true,
    },
    ERR_SESSION_MEMORY_ROLLED_BACK: {
      message: 'The store shows an older state of the session than the ledger knows.',
      fix: "Restore the store's latest state, or end the session.",
    },
    ERR_SESSION_MEMORY_TAMPERED: {
      message: 'A stored turn does not open in its place; detail.turn names it, 0 is the header.',
      fix: 'Look for who writes to the store; the session cannot be continued.',
    },
    ERR_SESSION_MEMORY_TURN: {
      message: 'A turn is malformed, longer than 1 MiB, or one too many.',
      fix: 'Keep turns in the documented form and size, and end long sessions.',
    },
    ERR_SESSION_RECEIPT: {
      message: "The receipt of a session's end is not what its signer signed.",
      fix: 'Check that the receipt is whole and the key that of the log.',
    },
    ERR_SESSION_STORE: {
      message: 'The store of sealed turns did not do what it was asked.',
      fix: 'Look at the file or the server; nothing of the turn is remembered.',
      retryable: true,
    },
    ERR_SESSION_STREAM_CUT: {
      message: 'The stream ended before the answer was whole.',
      fix: 'Ask again; do not use the part that arrived.',
      retryable: true,
    },
    ERR_SESSION_STREAM_TOO_LARGE: {
      message: 'An event, a tool call or an answer with tool calls is larger than what is held.',
      fix: 'Ask for less; a server that sends such events is broken.',
    },
    ERR_SESSION_TOOL_CALL_HALF: {
      message: 'The answer ended within a tool call, so none of it is handed out.',
      fix: 'Allow the answer more tokens, or ask again.',
      retryable: true,
    },
    ERR_SESSION_UNKNOWN: {
      message: 'There is no such session of this tenant; it may have ended.',
      fix: 'Begin a new session.',
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
