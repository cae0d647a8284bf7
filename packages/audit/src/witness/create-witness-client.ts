import { toBase64 } from '@cloister/core';
import { auditError } from '../errors.ts';
import { parseNote } from '../note/parse-note.ts';
import { parseWitnessKey, verifyCosignature } from './cosignature.ts';

/** A tree head to be witnessed. */
export interface WitnessRequest {
  /** The log's signed note. */
  readonly checkpoint: string;
  /** Leaves that it covers. */
  readonly size: number;
  /** The proof that the first `size` leaves are a prefix of it; asked for once or twice. */
  readonly prove: (size: number) => readonly Uint8Array[];
}

/** Somebody else who remembers a log's tree head and signs only what extends it. */
export interface Witness {
  /** The witness's name, as its key says. */
  readonly name: string;
  /**
   * Has a checkpoint cosigned; resolves to its signature line, verified.
   * @throws CloisterError `ERR_AUDIT_ROLLBACK` when the witness has seen more or something else, `ERR_AUDIT_WITNESS` when
   *   it does not answer as it should
   */
  cosign(request: WitnessRequest): Promise<string>;
}

/** How a witness is reached. */
export interface WitnessClientOptions {
  /** Where the witness answers, without `/add-checkpoint`. */
  readonly url: string;
  /** Its verifier key line, type 0x04. */
  readonly verifierKey: string;
  /** `globalThis.fetch` unless given. */
  readonly fetch?: typeof globalThis.fetch;
  /** Milliseconds for one answer; 5000 unless said. */
  readonly timeout?: number;
}

const MAX_ANSWER = 16 * 1024;

/**
 * A client of a witness (C2SP tlog-witness, `add-checkpoint`). It remembers what the witness has seen and learns it from
 * the witness when it was wrong.
 * @throws CloisterError `ERR_AUDIT_KEY`
 */
export function createWitnessClient(options: WitnessClientOptions): Witness {
  const key = parseWitnessKey(options.verifierKey);
  let seen = 0;

  async function cosign(request: WitnessRequest, attempts: number): Promise<string> {
    const { status, text } = await post(options, renderRequest(request, seen));
    if (status === 409 && attempts > 1) {
      seen = parseSize(text, request);
      return cosign(request, attempts - 1);
    }
    // The proof does not lead from what it saw to what we show: one of the two is not our history.
    if (status === 422 || (status === 409 && seen === request.size)) throw auditError('ERR_AUDIT_ROLLBACK');
    if (status !== 200) throw auditError('ERR_AUDIT_WITNESS', { subject: key.name, detail: { status } });
    const line = await selectLine(request.checkpoint, text);
    seen = request.size;
    return line;
  }

  async function selectLine(checkpoint: string, lines: string): Promise<string> {
    try {
      const note = `${checkpoint}${lines}`;
      await verifyCosignature(note, key);
      const { signatures } = parseNote(note);
      const place = signatures.findLastIndex(({ name }) => name === key.name);
      return `${note.slice(0, -1).split('\n').slice(-signatures.length)[place] ?? ''}\n`;
    } catch (error) {
      throw auditError('ERR_AUDIT_WITNESS', { subject: key.name, cause: error });
    }
  }

  return { name: key.name, cosign: (request) => cosign(request, 2) };
}

function renderRequest({ checkpoint, prove }: WitnessRequest, seen: number): string {
  const proof = seen === 0 ? [] : prove(seen);
  return `old ${seen}\n${proof.map((hash) => `${toBase64(hash)}\n`).join('')}\n${checkpoint}`;
}

/** The size that a witness says it has seen. Ours cannot be smaller unless it was put back. */
function parseSize(text: string, { size }: WitnessRequest): number {
  const seen = /^(?:0|[1-9][0-9]{0,15})\n?$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(seen)) throw auditError('ERR_AUDIT_WITNESS');
  if (seen > size) throw auditError('ERR_AUDIT_ROLLBACK', { detail: { seen, size } });
  return seen;
}

async function post(
  options: WitnessClientOptions,
  body: string,
): Promise<{ readonly status: number; readonly text: string }> {
  try {
    const response = await (options.fetch ?? globalThis.fetch)(`${options.url}/add-checkpoint`, {
      method: 'POST',
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(options.timeout ?? 5000),
    });
    const text = await readBounded(response);
    return { status: response.status, text };
  } catch (error) {
    throw auditError('ERR_AUDIT_WITNESS', { cause: error });
  }
}

async function readBounded(response: Response): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  for await (const part of response.body ?? []) {
    text += decoder.decode(part as Uint8Array, { stream: true });
    if (text.length > MAX_ANSWER) throw new RangeError('the answer is too long');
  }
  return text;
}
