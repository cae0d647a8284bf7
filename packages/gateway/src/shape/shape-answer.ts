import type { Answer } from '../answer.ts';
import { coalescePieces } from './coalesce-pieces.ts';
import { dropComments } from './drop-comments.ts';
import { frameEvents } from './frame-events.ts';

type Pieces = AsyncIterable<Uint8Array>;

/** What shaping does to an answer, around the place where its receipt is computed. */
export interface AnswerShape {
  /** Applied before the receipt: what the client will see. */
  readonly content: (body: Pieces) => Pieces;
  /** Applied after it: what travels. */
  readonly travel: (body: Pieces) => Pieces;
}

const asItIs = (body: Pieces): Pieces => body;

/** The steps of an answer's shape. */
export function shapeAnswer({ shape = 'off' }: Pick<Answer, 'shape'>): AnswerShape {
  if (shape === 'off') return { content: asItIs, travel: asItIs };
  if (shape === 'coalesce') return { content: asItIs, travel: coalescePieces };
  return { content: dropComments, travel: frameEvents };
}
