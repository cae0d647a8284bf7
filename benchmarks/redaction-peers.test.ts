import { createRedactor } from '@cloister/redaction';
import { expect, it } from 'vitest';
import { nlpDetector } from './redaction-peers.ts';

it('a library for grammar adds names to the rules, at their place, and the report says so', () => {
  const redactor = createRedactor({ detectors: [nlpDetector] });
  const text = '\u{1f600} We saw the Berlin wall with Jonah and, later, Amara Diop of Acme Corp.';
  const { detections, detectors } = redactor.redactSync(text);
  expect(detectors).toEqual(['built-in', 'compromise']);
  const found = detections.map(({ type, start, end }) => `${type} ${text.slice(start, end)}`);
  expect(found).toEqual(expect.arrayContaining(['PERSON Jonah', 'PERSON Amara Diop', 'LOCATION Berlin']));
  expect(createRedactor().redactSync(text).detectors).toEqual(['built-in']);
  for (const input of ['', 'x', '...', '\u0130\u0130\u0130 Jonah', 'a\r\n'.repeat(50)])
    for (const { start, end } of redactor.redactSync(input).detections)
      expect(start < end && end <= input.length).toBe(true);
});
