import { timeFirstEvent, type Caller } from './caller.ts';
import { measureArea, type Area } from './roc.ts';

/** Who is attacked, by whom. */
export interface Scene {
  readonly victim: Caller;
  readonly attacker: Caller;
  /** Hears how far an attack is: on a slow server each text takes seconds. */
  readonly tell: (what: string) => void;
}

/** Random words of five letters that nobody has asked before. */
export function createText(letters: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(letters));
  return Array.from(bytes, (byte, index) => (index % 5 === 4 ? ' ' : String.fromCharCode(97 + (byte % 26)))).join('');
}

/**
 * Did somebody ask this? The attacker times texts that the victim has just asked and texts that nobody has, in turns.
 * Each text is used once, because asking puts it into the cache.
 */
export async function attackPrompts(scene: Scene, samples: number, letters: number): Promise<Area> {
  const asked: number[] = [];
  const fresh: number[] = [];
  await timeFirstEvent(scene.attacker, createText(letters)); // connections and code are warm
  for (let sample = 0; sample < samples; sample++) {
    const [known, unknown] = [createText(letters), createText(letters)];
    await timeFirstEvent(scene.victim, known);
    const first = sample % 2 === 0;
    if (first) asked.push(await timeFirstEvent(scene.attacker, known));
    fresh.push(await timeFirstEvent(scene.attacker, unknown));
    if (!first) asked.push(await timeFirstEvent(scene.attacker, known));
    scene.tell(`text ${sample + 1} of ${samples}`);
  }
  return measureArea(fresh, asked);
}

/** What a form asks for; the attacker knows the form and wants the word. */
const CANDIDATES = [
  'asthma', 'cancer', 'stroke', 'angina', 'eczema', 'hernia', 'malaria', 'measles',
  'migraine', 'anaemia', 'cholera', 'rabies', 'tetanus', 'typhoid', 'rickets', 'scurvy',
] as const; // prettier-ignore

/**
 * Which of sixteen words did the victim fill in? The attacker asks the same form with each of them and takes the fastest.
 * @returns the share of rounds in which that was the one; 1/16 is chance
 */
export async function guessBlocks(scene: Scene, rounds: number, letters: number): Promise<number> {
  let right = 0;
  for (let round = 0; round < rounds; round++) {
    const [head, tail] = [createText(60), createText(letters)];
    const form = (word: string): string => `${head}. Diagnosis: ${word}. ${tail}`;
    const secret = CANDIDATES[Math.floor(Math.random() * CANDIDATES.length)] as string;
    await timeFirstEvent(scene.victim, form(secret));
    const order = CANDIDATES.map((word) => ({ word, place: Math.random() })).toSorted((a, b) => a.place - b.place);
    let best = { word: '', milliseconds: Infinity };
    for (const { word } of order) {
      const milliseconds = await timeFirstEvent(scene.attacker, form(word));
      if (milliseconds < best.milliseconds) best = { word, milliseconds };
    }
    if (best.word === secret) right += 1;
    scene.tell(`round ${round + 1} of ${rounds}`);
  }
  return right / rounds;
}
