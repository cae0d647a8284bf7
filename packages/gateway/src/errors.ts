import { createErrors } from '@cloister/core';
import type { CloisterError, ErrorOccurrence } from '@cloister/core';

/** Everything that can go wrong in the gateway. */
export type GatewayErrorCode =
  | 'ERR_GATEWAY_CONFIG_INVALID'
  | 'ERR_GATEWAY_UPSTREAM_NOT_LOOPBACK'
  | 'ERR_GATEWAY_CALLERS_MISSING'
  | 'ERR_GATEWAY_CALLERS_UNSIGNED'
  | 'ERR_GATEWAY_NOT_LISTENING'
  | 'ERR_GATEWAY_CLOSED'
  | 'ERR_GATEWAY_NONCE_INVALID'
  | 'ERR_GATEWAY_EVIDENCE_BUSY'
  | 'ERR_GATEWAY_EVIDENCE_UNAVAILABLE'
  | 'ERR_GATEWAY_KEYSET_UNKNOWN'
  | 'ERR_GATEWAY_NOT_OPENED'
  | 'ERR_GATEWAY_HEADER_LATE'
  | 'ERR_GATEWAY_HEADER_TOO_LARGE'
  | 'ERR_GATEWAY_HEADER_INVALID'
  | 'ERR_GATEWAY_DATE_REFUSED'
  | 'ERR_GATEWAY_NOT_AUTHENTICATED'
  | 'ERR_GATEWAY_REPLAYED'
  | 'ERR_GATEWAY_REPLAY_WINDOW_FULL'
  | 'ERR_GATEWAY_LIMIT_REACHED'
  | 'ERR_GATEWAY_ROUTE_UNKNOWN'
  | 'ERR_GATEWAY_BODY_LATE'
  | 'ERR_GATEWAY_BODY_TOO_LARGE'
  | 'ERR_GATEWAY_BODY_NOT_JSON'
  | 'ERR_GATEWAY_BODY_DUPLICATE_MEMBER'
  | 'ERR_GATEWAY_FIELD_REFUSED'
  | 'ERR_GATEWAY_PROMPT_REFUSED'
  | 'ERR_GATEWAY_SALT_MISSING'
  | 'ERR_GATEWAY_SALT_INVALID'
  | 'ERR_GATEWAY_SCOPE_REFUSED'
  | 'ERR_GATEWAY_TENANT_REFUSED'
  | 'ERR_GATEWAY_ANSWER_NOT_KEPT'
  | 'ERR_GATEWAY_ISOLATION_NOT_PROVEN'
  | 'ERR_GATEWAY_ENGINE_UNREACHABLE'
  | 'ERR_GATEWAY_ENGINE_REFUSED'
  | 'ERR_GATEWAY_ENGINE_BUSY'
  | 'ERR_GATEWAY_ENGINE_FAILED'
  | 'ERR_GATEWAY_ENGINE_CUT'
  | 'ERR_GATEWAY_ENGINE_LATE'
  | 'ERR_GATEWAY_INTERNAL';

/** Makes a gateway error from its code. */
export const gatewayError: (code: GatewayErrorCode, occurrence?: ErrorOccurrence) => CloisterError<GatewayErrorCode> =
  createErrors<GatewayErrorCode>({
    ERR_GATEWAY_CONFIG_INVALID: {
      message: "The gateway's configuration is not valid.",
      fix: 'Correct the named setting; unknown settings are refused.',
    },
    ERR_GATEWAY_UPSTREAM_NOT_LOOPBACK: {
      message: 'The inference engine is neither on the loopback interface nor behind a Unix socket.',
      fix: 'Run the engine inside the same guest and name it as http://127.0.0.1:PORT, http://[::1]:PORT or unix:/PATH.',
    },
    ERR_GATEWAY_CALLERS_MISSING: {
      message: 'Nobody could call this gateway.',
      fix: 'Give it API keys, or name an issuer in jwtIssuers.',
    },
    ERR_GATEWAY_CALLERS_UNSIGNED: {
      message: 'The configuration names an owner of API keys, and the list that was given is not a signed one.',
      fix: 'Give the list that the owner signed as signedApiKeys, or leave apiKeyOwner out.',
    },
    ERR_GATEWAY_NOT_LISTENING: {
      message: 'The gateway does not listen yet.',
      fix: 'Await listen() before you read the URL.',
    },
    ERR_GATEWAY_CLOSED: { message: 'The gateway is closed.', fix: 'Create another gateway.' },
    ERR_GATEWAY_NONCE_INVALID: {
      message: 'The nonce is not 32 bytes of base64url.',
      fix: 'Send ?nonce= followed by 43 characters of base64url without padding, and no other parameter.',
    },
    ERR_GATEWAY_EVIDENCE_BUSY: {
      message: 'Too many callers wait for evidence.',
      fix: 'Ask again in a few seconds.',
      retryable: true,
    },
    ERR_GATEWAY_EVIDENCE_UNAVAILABLE: {
      message: "The machine's evidence provider failed.",
      fix: 'Check that the guest runs in a TEE and that the configured evidence provider fits it.',
      retryable: true,
    },
    ERR_GATEWAY_KEYSET_UNKNOWN: {
      message: 'The request was sealed to a keyset that this gateway does not hold.',
      fix: 'Fetch and verify evidence again, then seal the request to the new keyset.',
      retryable: true,
    },
    ERR_GATEWAY_NOT_OPENED: {
      message: 'The sealed request did not open.',
      fix: 'Seal it with the key configuration of the attested keyset and send it whole.',
    },
    ERR_GATEWAY_HEADER_LATE: {
      message: 'The sealed header section did not arrive in time.',
      fix: 'Send the header section at once; raise headerMilliseconds for very slow links.',
      retryable: true,
    },
    ERR_GATEWAY_HEADER_TOO_LARGE: {
      message: 'The sealed header section is too large.',
      fix: 'Keep the headers of a request under 32 KiB.',
    },
    ERR_GATEWAY_HEADER_INVALID: {
      message: 'A sealed header is missing, repeated or malformed.',
      fix: 'Send the named header once, in the form that the README describes.',
    },
    ERR_GATEWAY_DATE_REFUSED: {
      message: 'The sealed date is more than five minutes away from the clock of the gateway.',
      fix: 'Correct the clock of the sending machine.',
    },
    ERR_GATEWAY_NOT_AUTHENTICATED: {
      message: 'The API key or token is not known.',
      fix: 'Check that it belongs to this gateway and has not ended.',
    },
    ERR_GATEWAY_REPLAYED: {
      message: 'The same request arrived before.',
      fix: 'Seal every request afresh; if you did, somebody on the way sends it twice.',
    },
    ERR_GATEWAY_REPLAY_WINDOW_FULL: {
      message: 'The replay window is full.',
      fix: 'Ask again in some minutes, or raise replayCapacity.',
      retryable: true,
    },
    ERR_GATEWAY_LIMIT_REACHED: {
      message: 'The tenant has used up one of its limits.',
      fix: 'Ask again after the time in retry-after, or raise the named limit in the configuration of the gateway.',
      retryable: true,
    },
    ERR_GATEWAY_ROUTE_UNKNOWN: {
      message: 'The gateway does not offer this method and path.',
      fix: 'Use one of the routes in the wire policy, without a query.',
    },
    ERR_GATEWAY_BODY_LATE: {
      message: "The request's content did not arrive in time.",
      fix: 'Send it faster, or raise bodyMilliseconds in the configuration of the gateway.',
      retryable: true,
    },
    ERR_GATEWAY_BODY_TOO_LARGE: {
      message: "The request's content is too large.",
      fix: 'Send less, or raise maxBodyBytes in the configuration of the gateway.',
    },
    ERR_GATEWAY_BODY_NOT_JSON: {
      message: "The request's content is not a JSON object in UTF-8.",
      fix: 'Send one JSON object (RFC 8259).',
    },
    ERR_GATEWAY_BODY_DUPLICATE_MEMBER: {
      message: "The request's content names one member twice.",
      fix: 'Name every member once: readers disagree on which of two values counts.',
    },
    ERR_GATEWAY_FIELD_REFUSED: {
      message: 'The wire policy refuses a member of the request.',
      fix: 'Leave the named member out.',
    },
    ERR_GATEWAY_PROMPT_REFUSED: {
      message: 'A text of the prompt holds invisible characters or control tokens of a chat template.',
      fix: 'Take them out before you send the prompt; the number of places is in the detail.',
    },
    ERR_GATEWAY_SALT_MISSING: {
      message: 'The request has no cache salt.',
      fix: 'Send the header cloister-cache-salt or the member cache_salt; enclave.fetch does so by itself.',
    },
    ERR_GATEWAY_SALT_INVALID: {
      message: 'The cache salt is not valid.',
      fix: 'Use 1 to 128 characters without @, /, backslash and NUL.',
    },
    ERR_GATEWAY_SCOPE_REFUSED: {
      message: 'The cache scope is not open to this caller.',
      fix: 'Use a narrower scope, or name a group that the caller belongs to.',
    },
    ERR_GATEWAY_TENANT_REFUSED: {
      message: 'This gateway serves one tenant, and the caller belongs to another.',
      fix: "Ask the caller's own gateway.",
    },
    ERR_GATEWAY_ISOLATION_NOT_PROVEN: {
      message: "It is not proven that the engine's prefix cache keeps callers apart.",
      fix: "Ask again soon; if it stays, look at the gateway's last proof for the reason.",
      retryable: true,
    },
    ERR_GATEWAY_ANSWER_NOT_KEPT: {
      message: 'No such answer of this caller and session is kept, or not from that byte on.',
      fix: 'Ask anew; answers are kept only when the gateway is set to, and not for long.',
    },
    ERR_GATEWAY_ENGINE_UNREACHABLE: {
      message: 'The inference engine did not answer.',
      fix: 'Check that vLLM runs at the configured upstream.',
      retryable: true,
    },
    ERR_GATEWAY_ENGINE_REFUSED: {
      message: 'The inference engine refused the request; its text is withheld because it may quote the prompt.',
      fix: "Check the model's name, the types of all members and the length of the prompt.",
    },
    ERR_GATEWAY_ENGINE_BUSY: {
      message: 'The inference engine is busy.',
      fix: 'Ask again after a pause.',
      retryable: true,
    },
    ERR_GATEWAY_ENGINE_FAILED: {
      message: 'The inference engine failed; its text is withheld because it may quote the prompt.',
      fix: 'Read the log of the engine inside the guest.',
    },
    ERR_GATEWAY_ENGINE_CUT: {
      message: 'The answer of the inference engine ended before its end marker.',
      fix: 'Ask again; if it repeats, read the log of the engine inside the guest.',
      retryable: true,
    },
    ERR_GATEWAY_ENGINE_LATE: {
      message: 'The inference engine did not connect, begin or end its answer in time.',
      fix: 'Ask for less, or later; the deadlines are settings of the gateway.',
      retryable: true,
    },
    ERR_GATEWAY_INTERNAL: {
      message: 'The gateway failed.',
      fix: 'This is a fault of the gateway: please report it with the version and the kind of request.',
    },
  });
