import { utf8 } from '@cloister/core';
import type { AssembledPrompt } from '@cloister/prompt';
import type { ArrowNotes } from '../arrow.ts';
import type { AskOptions } from '../ask-options.ts';
import type { Chain } from '../chain.ts';
import { runtimeError } from '../errors.ts';
import type { CachePlace } from './isolate.ts';

/**
 * -> sealed channel: the masked prompt goes to the model inside the enclave; resolves with the head of the answer.
 * @throws CloisterError of the channel, or `ERR_RUNTIME_INFERENCE_REFUSED` with the status in `detail`
 */
export async function generate(
  chain: Chain,
  prompt: AssembledPrompt,
  cache: CachePlace,
  options: AskOptions,
  notes: ArrowNotes,
): Promise<Response> {
  const { enclave, apiKey, model, answerTokens } = chain.inference;
  const body = JSON.stringify({
    model,
    messages: prompt.messages,
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: answerTokens,
    temperature: 0,
  });
  const response = await chain.fetch(`${enclave.baseURL}/chat/completions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
      'cloister-cache-scope': cache.scope,
      'cloister-cache-salt': cache.salt,
    },
    body,
    ...(options.signal ? { signal: options.signal } : {}),
  });
  notes.bytes = utf8(body).length;
  if (!response.ok) await refuse(response);
  notes.checked.push('identity before sending', 'request sealed', 'response opened');
  return response;
}

async function refuse(response: Response): Promise<never> {
  // The body is the server's text: it is dropped, only the status is told.
  await response.body?.cancel();
  throw runtimeError('ERR_RUNTIME_INFERENCE_REFUSED', { detail: { status: response.status } });
}
