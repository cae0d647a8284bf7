/** One tenant's way to the model. */
export interface Caller {
  readonly baseURL: string;
  readonly fetch: typeof globalThis.fetch;
  readonly headers: Readonly<Record<string, string>>;
  readonly model: string;
}

function ask(caller: Caller, content: string, more: object): Promise<Response> {
  const { model } = caller;
  return caller.fetch(`${caller.baseURL}/chat/completions`, {
    method: 'POST',
    headers: { ...caller.headers, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content }], max_tokens: 1, temperature: 0, ...more }),
  });
}

/** Milliseconds until the first event of a streamed answer: the headers come at once either way. */
export async function timeFirstEvent(caller: Caller, content: string): Promise<number> {
  const start = performance.now();
  const response = await ask(caller, content, { stream: true });
  if (!response.ok || response.body === null) throw new Error(`the engine answered ${response.status}`);
  const reader = response.body.getReader();
  await reader.read();
  const milliseconds = performance.now() - start;
  while (!(await reader.read()).done);
  return milliseconds;
}

/** Tokens of a prompt as the engine counts them. */
export async function countTokens(caller: Caller, content: string): Promise<number> {
  const response = await ask(caller, content, {});
  const { usage } = (await response.json()) as { usage: { prompt_tokens: number } };
  return usage.prompt_tokens;
}
