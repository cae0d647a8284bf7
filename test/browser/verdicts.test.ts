import { describe, expect, test } from 'vitest';
import { answer as answerChannel } from '../conformance/channel.ts';
import { answer as answerEvidence } from '../conformance/evidence.ts';
import { answerQuestion } from '../conformance/lines/answer-question.ts';
import { type AreaQuestion, askInChromium } from './ask-in-chromium.ts';
import { loadChannelQuestions } from './channel-questions.ts';
import { loadEvidenceQuestions } from './evidence-questions.ts';

// The lane `test:browser` sets it, when there is a Chromium.
const { CLOISTER_CHROMIUM = '' } = process.env;

describe.skipIf(CLOISTER_CHROMIUM === '')('in Chromium (skipped without CLOISTER_CHROMIUM)', () => {
  test('every question gets the answer that Node gives', { timeout: 600_000 }, async () => {
    const evidence = loadEvidenceQuestions();
    const channel = loadChannelQuestions();
    const ask = (index: number): AreaQuestion | undefined => {
      if (index < evidence.length) return { area: 'evidence', question: { ...evidence[index]?.(), id: index } };
      const question = channel[index - evidence.length];
      return question && { area: 'channel', question: { ...question, id: index } };
    };
    const inChromium = await askInChromium(CLOISTER_CHROMIUM, ask);
    const inNode: string[] = [];
    for (let index = 0; index < inChromium.length; index++) {
      const { area = 'channel', question = {} } = ask(index) ?? {};
      inNode.push(await answerQuestion(area, area === 'channel' ? answerChannel : answerEvidence, question));
    }
    expect(inChromium.length).toBe(evidence.length + channel.length);
    expect(inChromium.filter((answer, index) => answer !== inNode[index])).toEqual([]);
    // Neither side gets away with refusing, or accepting, everything.
    for (const outcome of ['"verdict":"accept"', '"verdict":"reject"', '"ok":true', '"ok":false'])
      expect(inChromium.filter((answer) => answer.includes(outcome)).length).toBeGreaterThan(10);
  });
});
