import type { AnswerResult, RuntimeTenant } from '@cloister/runtime';
import { question } from './notes.ts';
import { arrowTable, createWrapper, heading, noteList, promptText, wrapped, type Print } from './render.ts';

/** Asks the question, shows every step as it happens, then the table of arrows. */
export async function askAloud(tenant: RuntimeTenant, signal: AbortSignal, story: Print): Promise<AnswerResult> {
  const session = await tenant.session();
  try {
    const answer = tenant.ask(question, {
      session,
      signal,
      observer: {
        retrieved: (chunks) =>
          story(heading('2  Notes retrieved, opened inside the trust boundary') + noteList(chunks)),
        prompt: (prompt) => {
          story(heading('   The prompt exactly as the enclave sees it: masked') + promptText(prompt));
          story(heading(`   The answer, restored as it streams`) + wrapped(`Question: ${question}\n`));
        },
      },
    });
    const wrap = createWrapper(story);
    for await (const text of answer.textStream) if (text !== '') wrap(text);
    wrap('');
    const result = await answer.result();
    story(`\n\n${result.citations.map(({ number, document }) => `  [${number}] ${document}`).join('\n')}\n`);
    story(heading('   Every arrow: what it checked and what it cost') + arrowTable(result.report));
    return result;
  } finally {
    await session.end();
  }
}
