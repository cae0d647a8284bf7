// What runs in the browser: takes questions one by one from the server that served it and hands all answers back.
import { answer as answerChannel } from '../conformance/channel.ts';
import { answer as answerEvidence } from '../conformance/evidence.ts';
import { answerQuestion } from '../conformance/lines/answer-question.ts';
import type { AreaQuestion } from './ask-in-chromium.ts';

const AREAS = { channel: answerChannel, evidence: answerEvidence };

const answers: string[] = [];
for (let index = 0; ; index++) {
  const response = await fetch(`/questions/${index}`);
  if (response.status !== 200) break;
  const { area, question } = (await response.json()) as AreaQuestion;
  answers.push(await answerQuestion(area, AREAS[area], question));
}
await fetch('/answers', { method: 'POST', body: JSON.stringify(answers) });
