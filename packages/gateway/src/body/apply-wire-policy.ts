import { fromUtf8 } from '@cloister/core';
import { parseBodySalt } from './cache-salt.ts';
import { gatewayError } from '../errors.ts';
import { collectPromptTexts } from './prompt-texts.ts';
import { scanJsonObject } from './scan-json-object.ts';
import type { JsonMember, ScannedObject } from './scan-json-object.ts';
import { spliceJson } from './splice-json.ts';
import type { Splice } from './splice-json.ts';
import type { Route } from '../config/wire-policy.ts';
import { LIMITED_MEMBERS, REFUSED_INNER_MEMBERS, REFUSED_MEMBERS } from '../config/wire-policy.ts';

/** A request's content that passed the wire policy. */
export interface AdmittedBody {
  /** The caller's own `cache_salt`, checked; `undefined` without one. */
  readonly salt: string | undefined;
  /** The declared model, at most 256 characters; `undefined` when it is no text. */
  readonly model: string | undefined;
  /** The caller's `user`, when there is one. */
  readonly user: string | undefined;
  /** Tokens that the answers may take together; `undefined` when the caller leaves it to the engine. */
  readonly answerTokens: number | undefined;
  /** Where the texts stand that become the prompt. */
  readonly promptTexts: readonly JsonMember[];
  /** The content as the engine gets it; `splices` are what the prompt filter changed. */
  forEngine(set: {
    readonly cacheSalt: string;
    readonly user?: string;
    readonly splices?: readonly Splice[];
  }): Uint8Array;
}

const MAX_TEXT = 2048;

/**
 * Checks a request's content against the wire policy.
 * @param route where it goes
 * @param text the whole content
 * @throws ERR_GATEWAY_BODY_NOT_JSON, ERR_GATEWAY_BODY_DUPLICATE_MEMBER, ERR_GATEWAY_FIELD_REFUSED, ERR_GATEWAY_SALT_INVALID
 */
export function applyWirePolicy(route: Route, text: Uint8Array): AdmittedBody {
  const prompt = collectPromptTexts();
  const scanned = scanJsonObject(text, { member: refuseInner, text: prompt.visit });
  const member = (name: string): string | undefined => memberText(text, scanned, name);
  for (const name of scanned.members.keys()) refuseOuter(name, member);
  return {
    // An absent member reads as null; one too long to look at reads as no salt at all, which is refused.
    salt: parseBodySalt(scanned.members.has('cache_salt') ? (member('cache_salt') ?? '') : 'null'),
    model: shortText(member('model')),
    user: shortText(member('user')),
    answerTokens: answerTokensOf(member),
    promptTexts: prompt.places,
    forEngine({ cacheSalt, user, splices }) {
      const edits = new Map(Object.entries(route.sets));
      edits.set('cache_salt', JSON.stringify(cacheSalt));
      if (scanned.members.has('user')) edits.set('user', user === undefined ? 'null' : JSON.stringify(user));
      return spliceJson(text, scanned, edits, splices);
    },
  };
}

function refuseInner(path: readonly string[], name: string): void {
  for (const { under, name: refused } of REFUSED_INNER_MEMBERS) {
    if (name === refused && path.length === under.length && under.every((step, index) => step === path[index])) {
      throw gatewayError('ERR_GATEWAY_FIELD_REFUSED', { subject: refused });
    }
  }
}

function refuseOuter(name: string, member: (name: string) => string | undefined): void {
  const text = member(name);
  const harmless = Object.hasOwn(REFUSED_MEMBERS, name) ? REFUSED_MEMBERS[name] : undefined;
  if (harmless !== undefined && (text === undefined || !harmless.includes(text))) {
    throw gatewayError('ERR_GATEWAY_FIELD_REFUSED', { subject: name });
  }
  const most = Object.hasOwn(LIMITED_MEMBERS, name) ? LIMITED_MEMBERS[name] : undefined;
  if (most !== undefined && text !== 'null' && !(Number.isInteger(Number(text)) && Number(text) <= most)) {
    throw gatewayError('ERR_GATEWAY_FIELD_REFUSED', { subject: name, detail: { most } });
  }
}

/** The names that the routes have for the same limit. */
const ANSWER_LIMITS = ['max_completion_tokens', 'max_tokens', 'max_output_tokens'] as const;

function answerTokensOf(member: (name: string) => string | undefined): number | undefined {
  const natural = (name: string): number | undefined => {
    const value = Number(member(name) ?? 'none');
    return Number.isSafeInteger(value) && value > 0 ? value : undefined;
  };
  const each = ANSWER_LIMITS.map(natural).find((limit) => limit !== undefined);
  return each === undefined ? undefined : each * (natural('n') ?? 1);
}

/** The JSON text of a small member; `undefined` when it is absent or longer than any value that is looked at. */
function memberText(text: Uint8Array, scanned: ScannedObject, name: string): string | undefined {
  const place = scanned.members.get(name);
  if (place === undefined || place.end - place.start > MAX_TEXT) return undefined;
  return fromUtf8(text.subarray(place.start, place.end));
}

function shortText(text: string | undefined): string | undefined {
  if (text === undefined || !text.startsWith('"')) return undefined;
  const value = JSON.parse(text) as string;
  return value.length <= 256 ? value : undefined;
}
