import { createRedactor, createVault } from '@cloister/redaction';
import { expect, it } from 'vitest';
import { adversarialTexts } from './adversarial-texts.ts';

// `bench redaction` prints how long texts of 1 MiB take; here they are small, and what counts is that they come out right.
// CLOISTER_TRIES sets the number of mixtures.

const SIZE = 2_048;
const mixtures = Number(process.env['CLOISTER_TRIES'] ?? 100);
const redactor = createRedactor();

it('texts that are meant to cost much come back exactly', () => {
  const wrong: string[] = [];
  let count = 0;
  for (const [name, text] of adversarialTexts(SIZE, mixtures)) {
    using vault = createVault();
    const { text: masked, detections } = redactor.redactSync(text, { vault });
    const inOrder = detections.every(({ start }, index) => start >= (detections[index - 1]?.end ?? 0));
    if (vault.unmask(masked) !== text || !inOrder) wrong.push(name);
    count++;
  }
  expect(wrong).toEqual([]);
  expect(count).toBeGreaterThan(100);
}, 300_000);

it('one value is looked up, not minted, each further time', () => {
  using vault = createVault();
  const texts = [...adversarialTexts(SIZE, 0)];
  const repeated = texts.find(([name]) => name === '"Dr. Aa "')?.[1] ?? '';
  const { detections } = redactor.redactSync(repeated, { vault });
  expect(detections.length).toBeGreaterThan(200);
  expect(vault.summarize().length).toBeLessThanOrEqual(2);
  // Control: names of which no two are alike are as many entries as findings.
  using other = createVault();
  const distinct = texts.find(([name]) => name === 'distinct full names')?.[1] ?? '';
  expect(other.summarize()).toHaveLength(0);
  const found = redactor.redactSync(distinct, { vault: other }).detections.length;
  expect(other.summarize().length).toBeGreaterThan(found * 0.9);
});
