/**
 * Recorded exchanges with vLLM 0.32 that the stand-in does not claim to answer alike, by the name of the recording, and why.
 * It claims all others: chat and text completions, embeddings, models, tokenizer, health, and their errors.
 */
export const NOT_CLAIMED: Readonly<Record<string, string>> = {
  'chat-logprobs': 'log probabilities need a model',
  'chat-prompt-logprobs': 'log probabilities need a model',
  'messages-anthropic-salt': 'another interface: /v1/messages',
  'messages-anthropic-salt-bad': 'another interface: /v1/messages',
  'responses-salt-cold': 'another interface: /v1/responses',
  'responses-salt-repeat': 'another interface: /v1/responses',
  'responses-salt-other': 'another interface: /v1/responses',
  'responses-salt-bad': 'another interface: /v1/responses',
  'responses-stream': 'another interface: /v1/responses',
  rerank: 'another interface: /rerank',
  metrics: 'the few metrics that say something about isolation alone',
  'auth-missing-get-metrics': 'the few metrics that say something about isolation alone',
  'embeddings-input-list-mixed': 'the first ten of 27 complaints of a schema',
};
