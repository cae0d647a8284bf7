import type { OwnSpan, OwnSpanAttributes, OwnSpanName } from '@cloister/audit';
import type { AuditContext, AuditReference, ErrorCode } from '@cloister/core';
import type { ArrowName } from './arrow-name.ts';
import type { Chain } from './chain.ts';

/** The spans of one question: one for the whole, and below it one for each arrow. */
export interface SpanTrail {
  /** Begins the span of an arrow; resolves what the arrow noted when it ends. */
  begin(arrow: ArrowName): { end(noted: OwnSpanAttributes, error?: ErrorCode): void };
  /** Ends what is still open. Only the first call counts. */
  end(error?: ErrorCode): void;
}

/** The prompt leaves with the first of these two arrows, the answer is whole with the second: one span for the model's call. */
const NAMES: Readonly<Record<ArrowName, OwnSpanName>> = {
  evidence: 'evidence',
  retrieval: 'retrieval',
  redaction: 'redaction',
  prompt: 'prompt',
  session: 'session',
  channel: 'chat',
  answer: 'chat',
  audit: 'audit',
};

/** The pseudonyms of who asks. */
export interface Asker {
  readonly context: AuditContext;
  readonly conversation: AuditReference<'session'>;
}

/** Begins the spans of a question, if the runtime was given somewhere to send them. */
export function createSpanTrail(chain: Chain, { context, conversation }: Asker): SpanTrail {
  const { spans, inference, collection } = chain;
  if (spans === undefined) return { begin: () => ({ end: () => undefined }), end: () => undefined };
  const whole = { 'cloister.tenant': context.tenant, 'cloister.request': context.request } as const;
  const root = spans.start('ask', { ...whole, 'enduser.pseudo.id': context.actor });
  const first: Readonly<Partial<Record<OwnSpanName, OwnSpanAttributes>>> = {
    retrieval: { 'gen_ai.data_source.id': collection },
    chat: {
      'gen_ai.request.model': inference.model,
      'gen_ai.request.max_tokens': inference.answerTokens,
      'gen_ai.request.stream': true,
      'gen_ai.conversation.id': conversation,
    },
  };
  let call: OwnSpan | undefined;
  let isOpen = true;
  return {
    begin(arrow) {
      const name = NAMES[arrow];
      const span = (arrow === 'answer' ? call : undefined) ?? spans.start(name, first[name] ?? {}, root);
      call = name === 'chat' ? span : undefined;
      return {
        end(noted, error) {
          span.set(noted);
          if (arrow === 'channel' && error === undefined) return;
          call = undefined;
          span.end(error);
        },
      };
    },
    end(error) {
      if (!isOpen) return;
      isOpen = false;
      call?.end(error);
      root.end(error);
    },
  };
}
